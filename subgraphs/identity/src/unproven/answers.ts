/**
 * What each kind of request about an address leads to. Details were written by this code, maybe of an earlier
 * release, so they are read as what they must be.
 */
import { z } from 'zod';
import { mailPasswordReset } from '../password-reset/password-reset';
import { mailRegistration } from '../registration/register';
import { noteFailedSignIn } from '../sign-in/note-failure';
import type { UnprovenAnswers } from './unproven-requests';

const reset = z.object({ emailKey: z.string() });
const registration = z.object({ registrationId: z.uuid() });
const failure = z.object({ emailKey: z.string(), slug: z.string().nullable() });

export type AnswerServices = Parameters<typeof mailPasswordReset>[0];

export function unprovenAnswers(services: AnswerServices): UnprovenAnswers {
  return {
    RESET_PASSWORD: ({ id, details }) => mailPasswordReset(services, id, reset.parse(details).emailKey),
    REGISTER: ({ id, details }) => mailRegistration(services, id, registration.parse(details).registrationId),
    SIGN_IN_FAILED: ({ details, ...from }) =>
      noteFailedSignIn(services.database, failure.parse(details), from),
  };
}
