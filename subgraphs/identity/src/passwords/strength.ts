/**
 * Whether a password is good enough: by how many guesses it would take somebody who tries known passwords, names,
 * words, dates and keyboard patterns first, and never by which kinds of characters it has.
 */
import { badInput } from '@iroko/errors';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from './passwords';

/** 10^8 guesses: at ten guesses in 15 minutes far beyond a life, and beyond a day even against a stolen hash. */
const GUESSES_LOG10_MIN = 8;
/** What follows adds nothing to the estimate but time. */
const ESTIMATED_LENGTH_MAX = 100;

/** Two letters stand in any word. */
const KNOWN_WORD_LENGTH_MIN = 3;

/** Reading the lists takes part of a second, so it is done at the first use. */
let estimator: ZxcvbnFactory | undefined;

/**
 * Throws BAD_USER_INPUT that names the path. `known` is what others know of the person (name, address): a password
 * made of it is guessed first.
 */
export function checkedNewPassword(password: string, known: readonly string[], path: string[]): string {
  if (password.length < PASSWORD_LENGTH_MIN || password.length > PASSWORD_LENGTH_MAX) {
    throw badInput(`A password has ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters.`, { path });
  }
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: ESTIMATED_LENGTH_MAX });
  const { guessesLog10 } = estimator.check(withoutKnown(password.slice(0, ESTIMATED_LENGTH_MAX), known));
  if (guessesLog10 >= GUESSES_LOG10_MIN) return password;
  throw badInput(
    'This password is too easy to guess: it is on a list of known ones, or made of a pattern, a date or your name. Take a few words that nobody would put together.',
    { path },
  );
}

/** What is left when the words that everybody knows of the person are taken out: they cost no guesses. */
function withoutKnown(password: string, known: readonly string[]): string {
  const words = ['iroko', ...known.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))];
  return words
    .filter((word) => word.length >= KNOWN_WORD_LENGTH_MIN)
    .sort((a, b) => b.length - a.length)
    .reduce(
      (rest, word) => (rest.toLowerCase().includes(word) ? rest.toLowerCase().replaceAll(word, '') : rest),
      password,
    );
}
