/**
 * Server-sent events as they come over HTTP: the data of each `next`, until `complete`.
 */

/** The stream ended without saying that it was complete. */
export class BrokenOff extends Error {
  override name = 'BrokenOff';
}

/**
 * The data of the `next` events. Throws BrokenOff when the stream ends without `complete`, or when nothing at all,
 * not even a sign of life, comes for `silenceMs`.
 */
export async function* nextEvents(
  body: ReadableStream<Uint8Array>,
  silenceMs: number,
): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const chunk = await within(reader.read(), silenceMs);
      if (chunk.done) throw new BrokenOff('The stream broke off.');
      text += chunk.value.replaceAll('\r', '');
      const frames = text.split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const { event, data } = fieldsOf(frame);
        if (event === 'complete') return;
        if (event === 'next') yield data;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function fieldsOf(frame: string): { event: string; data: string } {
  let event = 'message';
  const data: string[] = [];
  for (const line of frame.split('\n')) {
    if (line.startsWith('event:')) event = line.slice('event:'.length).trim();
    else if (line.startsWith('data:')) data.push(line.slice('data:'.length).trimStart());
  }
  return { event, data: data.join('\n') };
}

async function within<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BrokenOff(`Nothing came for ${milliseconds} ms.`)), milliseconds);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}
