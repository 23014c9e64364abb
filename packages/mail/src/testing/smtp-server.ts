/**
 * A real mail server on a port of its own, which keeps what it is sent.
 */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** As it came over the wire. */
  raw: string;
}

export interface SmtpServerUnderTest {
  url: string;
  port: number;
  received: ReceivedMail[];
  /** What it answers to the next recipients: a code such as 550; undefined takes them. */
  refuseWith(code: number | undefined): void;
  close(): Promise<void>;
}

export async function smtpServerUnderTest(
  options: { port?: number; user?: string; password?: string } = {},
): Promise<SmtpServerUnderTest> {
  const received: ReceivedMail[] = [];
  let refusal: number | undefined;
  const server = new SMTPServer({
    authOptional: options.user === undefined,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, callback) =>
      username === options.user && password === options.password
        ? callback(null, { user: username })
        : callback(new Error('Bad user name or password')),
    onRcptTo: (address, _session, callback) =>
      refusal === undefined
        ? callback()
        : callback(Object.assign(new Error(`No mailbox ${address.address}`), { responseCode: refusal })),
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks).toString(),
        });
        callback();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  const login = options.user === undefined ? '' : `${options.user}:${options.password}@`;
  return {
    url: `smtp://${login}127.0.0.1:${port}`,
    port,
    received,
    refuseWith(code) {
      refusal = code;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
