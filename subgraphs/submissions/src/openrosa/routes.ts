/**
 * The door for ODK Collect and whatever else speaks OpenRosa 1.0. The server URL of a phone is
 * `<address>/openrosa/<key>`; the key is that of an app user and all the phone has to prove itself.
 */
import type { Database } from '@iroko/database';
import { isId } from '@iroko/database';
import { ApiError, notFound } from '@iroko/errors';
import { errorReply, type HttpReply, type HttpRequest, type Route } from '@iroko/http';
import { type Phone, phoneOfKey } from '../app-users/app-users.service';
import { offeredForms, versionXml } from '../forms/forms.sql';
import type { SubmissionServices } from '../services';
import { acceptSubmission } from '../submissions/accept';
import type { DefectReason } from '../xml/defect';
import { EMPTY_MANIFEST_XML, formListXml, responseXml } from './documents';
import { REQUEST_BYTES_MAX, readSubmissionParts } from './multipart';

const XML_TYPE = 'text/xml; charset=utf-8';
const VERSION_HEADER = { 'x-openrosa-version': '1.0' };
const SUBMISSION_HEADERS = {
  ...VERSION_HEADER,
  'x-openrosa-accept-content-length': String(REQUEST_BYTES_MAX),
};

/** 409 tells that repeating is in vain; every other reason may be put right here. */
const STATUS: Partial<Record<DefectReason, number>> = {
  UNKNOWN_FORM: 404,
  UNKNOWN_VERSION: 404,
  OTHER_CONTENT: 409,
  OTHER_ATTACHMENT: 409,
};

/** `publicUrl` is where phones reach us, when the operator says so; else the address that they used. */
export function openRosaRoutes(
  services: SubmissionServices,
  database: Database,
  publicUrl: string | undefined,
): Route[] {
  const phoneOf = (request: HttpRequest) => phoneOfKey(database, request.params.key ?? '', request.requestId);
  const route = (
    method: Route['method'],
    path: string,
    description: string,
    answer: (request: HttpRequest, phone: Phone) => Promise<HttpReply>,
  ): Route => ({
    method,
    path: `/openrosa/:key${path}`,
    description,
    handler: async (request) => answer(request, await phoneOf(request)),
    errorReply: xmlError,
  });
  return [
    route(
      'GET',
      '/formList',
      'The forms a phone may fill in, each in its newest version.',
      (request, phone) => formList(publicUrl ?? request.origin, request, phone),
    ),
    route('HEAD', '/formList', 'Whether the key of a phone is good.', async () => ({
      headers: VERSION_HEADER,
    })),
    route('GET', '/forms/:id', 'The definition of a form version, exactly as uploaded.', formXml),
    route(
      'GET',
      '/forms/:id/manifest',
      'The files that a form version needs beside its definition.',
      manifest,
    ),
    route('HEAD', '/submission', 'What a phone asks before it sends.', async () => ({
      status: 204,
      headers: SUBMISSION_HEADERS,
    })),
    route('POST', '/submission', 'A submission with its files, as multipart/form-data.', (request, phone) =>
      submission(services, request, phone),
    ),
  ];
}

async function formList(address: string, request: HttpRequest, { db }: Phone): Promise<HttpReply> {
  const forms = await offeredForms(db, request.query.get('formID'));
  const door = `${address.replace(/\/$/, '')}/openrosa/${request.params.key}`;
  return xmlReply(formListXml(forms, ({ versionId }) => `${door}/forms/${versionId}`));
}

async function formXml(request: HttpRequest, { db }: Phone): Promise<HttpReply> {
  return xmlReply((await offeredVersion(request, db)).xml);
}

async function manifest(request: HttpRequest, { db }: Phone): Promise<HttpReply> {
  await offeredVersion(request, db);
  return xmlReply(EMPTY_MANIFEST_XML);
}

async function offeredVersion(request: HttpRequest, db: Phone['db']): Promise<{ xml: string }> {
  const id = request.params.id ?? '';
  const version = isId(id) ? await versionXml(db, id) : undefined;
  if (!version) throw notFound('FormVersion', id);
  return version;
}

async function submission(
  services: SubmissionServices,
  request: HttpRequest,
  { db, appUser }: Phone,
): Promise<HttpReply> {
  const { xml, files } = await readSubmissionParts(request, async (content, name, contentType) => {
    const row = await services.files.store(db, content, { name, contentType });
    return {
      name: row.name,
      fileId: row.id,
      sha256: row.sha256,
      contentType: row.contentType,
      size: row.size,
    };
  });
  const accepted = await acceptSubmission(services, db, {
    xml,
    files,
    appUserId: appUser.id,
    deviceId: request.query.get('deviceID')?.slice(0, 250) || null,
  });
  if (accepted.taken) {
    return {
      status: 201,
      headers: { ...SUBMISSION_HEADERS, 'content-type': XML_TYPE },
      body: responseXml('submit_success', accepted.isNew ? 'Stored.' : 'Stored already; nothing was lost.'),
    };
  }
  request.log.warn(
    { reason: accepted.reason, quarantineId: accepted.quarantineId },
    'submission quarantined',
  );
  return {
    status: STATUS[accepted.reason] ?? 400,
    headers: { ...SUBMISSION_HEADERS, 'content-type': XML_TYPE },
    body: responseXml('submit_failure', accepted.message),
  };
}

function xmlReply(body: string): HttpReply {
  return { headers: { ...VERSION_HEADER, 'content-type': XML_TYPE, 'cache-control': 'no-store' }, body };
}

/** Phones show the message of an OpenRosaResponse; the status and code are those of every route. */
function xmlError(error: unknown, request: HttpRequest): HttpReply {
  const { status, headers } = errorReply(error, request.requestId);
  const message =
    error instanceof ApiError
      ? error.message
      : `Something went wrong here. The log has it under request ${request.requestId}.`;
  return {
    ...(status === undefined ? {} : { status }),
    headers: { ...headers, ...SUBMISSION_HEADERS, 'content-type': XML_TYPE },
    body: responseXml('submit_failure', message),
  };
}
