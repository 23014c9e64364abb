/**
 * From bytes to text. The encoding is found by reading the whole file once: a file whose first accent stands in row
 * 900,000 must not be taken for something it is not. Bytes that do not fit the encoding refuse the file; replacing
 * them by a question mark would store names nobody wrote.
 */
import { isUtf8 } from 'node:buffer';
import { badInput } from '@iroko/errors';

/** LATIN_1 and WINDOWS_1252 differ in 0x80 to 0x9F only: control characters there, quotes and € here. */
export const ENCODINGS = ['UTF_8', 'UTF_16LE', 'UTF_16BE', 'LATIN_1', 'WINDOWS_1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export type Bytes = AsyncIterable<Uint8Array>;

/** What the bytes of a file say about it. */
export interface DetectedEncoding {
  encoding: Encoding;
  byteOrderMark: boolean;
  /** Whole-file size in bytes. */
  size: number;
  /** Whether it holds NUL bytes although it is not UTF-16: then it is no text at all. */
  binary: boolean;
}

const BYTE_ORDER_MARKS: [Encoding, number[]][] = [
  ['UTF_8', [0xef, 0xbb, 0xbf]],
  ['UTF_16LE', [0xff, 0xfe]],
  ['UTF_16BE', [0xfe, 0xff]],
];

/** Reads the file to its end and says how its text is encoded. */
export async function detectEncoding(bytes: Bytes): Promise<DetectedEncoding> {
  let head = Buffer.alloc(0);
  let isUtf8SoFar = true;
  let hasNul = false;
  let hasC1 = false;
  let tail = Buffer.alloc(0);
  let size = 0;
  for await (const piece of bytes) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    size += chunk.length;
    if (head.length < 4096) head = Buffer.concat([head, chunk.subarray(0, 4096)]);
    hasNul ||= chunk.includes(0);
    if (isUtf8SoFar) {
      const whole = tail.length > 0 ? Buffer.concat([tail, chunk]) : chunk;
      const cut = whole.length - unfinished(whole);
      isUtf8SoFar = isUtf8(whole.subarray(0, cut));
      tail = Buffer.from(whole.subarray(cut));
    }
    if (!isUtf8SoFar && !hasC1) hasC1 = chunk.some((byte) => byte >= 0x80 && byte <= 0x9f);
  }
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, i) => head[i] === byte));
  if (marked) return { encoding: marked[0], byteOrderMark: true, size, binary: false };
  const wide = hasNul ? utf16WithoutMark(head) : undefined;
  if (wide) return { encoding: wide, byteOrderMark: false, size, binary: false };
  const isText = isUtf8SoFar && tail.length === 0;
  const encoding = isText ? 'UTF_8' : hasC1 ? 'WINDOWS_1252' : 'LATIN_1';
  return { encoding, byteOrderMark: false, size, binary: hasNul };
}

/** How many bytes at the end may be the beginning of a UTF-8 character that continues in the next piece. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

/** Separators and line ends are ASCII in any language: their other byte is 0, always on the same side. */
function utf16WithoutMark(head: Buffer): Encoding | undefined {
  let even = 0;
  let odd = 0;
  head.forEach((byte, i) => {
    if (byte === 0) i % 2 === 0 ? even++ : odd++;
  });
  if (odd > head.length / 8 && even === 0) return 'UTF_16LE';
  if (even > head.length / 8 && odd === 0) return 'UTF_16BE';
  return undefined;
}

/** What 0x80 to 0x9F mean in Windows-1252; five of them mean nothing and stay control characters. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function decodeSingleByte(chunk: Buffer, encoding: Encoding): string {
  const text = chunk.toString('latin1');
  if (encoding === 'LATIN_1') return text;
  return text.replace(/[\x80-\x9f]/g, (sign) => WINDOWS_1252[sign.charCodeAt(0) - 0x80] ?? sign);
}

/** The text of the bytes, piece by piece, without a byte order mark. Bytes that do not fit throw BAD_USER_INPUT. */
export async function* decode(bytes: Bytes, encoding: Encoding): AsyncGenerator<string> {
  if (encoding === 'LATIN_1' || encoding === 'WINDOWS_1252') {
    for await (const piece of bytes) {
      yield decodeSingleByte(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength), encoding);
    }
    return;
  }
  const decoder = new TextDecoder(encoding.toLowerCase().replace('_', '-'), { fatal: true });
  let read = 0;
  for await (const piece of bytes) {
    yield decodePiece(() => decoder.decode(piece, { stream: true }), encoding, read);
    read += piece.byteLength;
  }
  yield decodePiece(() => decoder.decode(), encoding, read);
}

function decodePiece(work: () => string, encoding: Encoding, after: number): string {
  try {
    return work();
  } catch {
    throw badInput(
      `The file is not ${encoding}: from byte ${after} on there are bytes that this encoding does not have. Name another encoding.`,
      { encoding, afterByte: after },
    );
  }
}
