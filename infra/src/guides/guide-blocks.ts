/** The pieces of a Markdown page that can be run or checked: its fenced blocks, by language. */
import { readFileSync } from 'node:fs';

export interface GuideBlock {
  language: string;
  /** Of its first line, counted from 1. */
  line: number;
  text: string;
}

const FENCE = /^```(\S*)\n([\s\S]*?)^```$/gm;

export function blocksOf(file: string): GuideBlock[] {
  const page = readFileSync(file, 'utf8');
  return [...page.matchAll(FENCE)].map(({ 1: language = '', 2: text = '', index }) => ({
    language,
    line: page.slice(0, index).split('\n').length + 1,
    text,
  }));
}
