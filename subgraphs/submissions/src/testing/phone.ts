/** ODK Collect for tests: it writes the bytes of a request as the app's HTTP client does. */
import { visitForm } from './forms';
import type { Stage, StagedAccount } from './stage';

export const BOUNDARY = '----WebKitFormBoundary7MA4YWxkTrZu0gW';
export const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;
export const JPEG = Buffer.from('ffd8ffe000104a46494600010100', 'hex');

export interface Part {
  field: string;
  filename?: string;
  type?: string;
  content: string | Buffer;
}

export function multipart(parts: Part[]): Buffer {
  const pieces = parts.flatMap(({ field, filename, type, content }) => [
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${field}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n${type ? `Content-Type: ${type}\r\n` : ''}Content-Length: ${Buffer.byteLength(content)}\r\n\r\n`,
    ),
    Buffer.from(content as string),
    Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

export const xmlPart = (content: string | Buffer): Part => ({
  field: 'xml_submission_file',
  filename: 'visit_2026-03-01.xml',
  type: 'text/xml',
  content,
});

export const photoPart = (name: string, content: string | Buffer): Part => ({
  field: name,
  filename: name,
  type: 'image/jpeg',
  content,
});

export interface Phone {
  key: string;
  appUserId: string;
  /** The server URL that is set in the app. */
  door: string;
  post(parts: Part[]): Promise<Response>;
}

/** Makes an app user and the app that holds its key. */
export async function openPhone(stage: Stage, account: StagedAccount): Promise<Phone> {
  const { createAppUser } = await account.run(
    'mutation { createAppUser(name: "Phone 7") { key serverPath appUser { id } } }',
  );
  const door = stage.address + createAppUser.serverPath;
  return {
    key: createAppUser.key,
    appUserId: createAppUser.appUser.id,
    door,
    post: (parts) => postTo(door, parts),
  };
}

export function postTo(door: string, parts: Part[]): Promise<Response> {
  return fetch(`${door}/submission?deviceID=collect%3Aabc`, {
    method: 'POST',
    headers: { 'content-type': MULTIPART, 'x-openrosa-version': '1.0' },
    body: new Uint8Array(multipart(parts)),
  });
}

export async function createVisitForm(account: StagedAccount, formId = 'visit'): Promise<string> {
  const fileId = await account.upload(visitForm({ formId }));
  const { createForm } = await account.run(
    'mutation ($input: CreateFormInput!) { createForm(input: $input) { id } }',
    { input: { fileId } },
  );
  return createForm.id;
}

export interface FoundSubmission {
  instanceId: string;
  answers: { household: { name: string } };
  attachments: { name: string; size: number | null }[];
}

/** The submissions with this instance id, as the API shows them. */
export async function findSubmissions(
  account: StagedAccount,
  instanceId: string,
): Promise<FoundSubmission[]> {
  const { submissions } = await account.run(
    '{ submissions(first: 1000) { nodes { id instanceId deviceId unitVersion answers orgUnit { id } appUser { name } form { formId } formVersion { version } attachments { name contentType size receivedAt } } } }',
  );
  return submissions.nodes.filter((node: FoundSubmission) => node.instanceId === instanceId);
}

export interface WaitingSubmissions {
  totalCount: number;
  nodes: {
    id: string;
    reason: string;
    formId: string | null;
    instanceId: string | null;
    timesReceived: number;
  }[];
}

/** What waits in quarantine for this reason. */
export async function waiting(account: StagedAccount, reason: string): Promise<WaitingSubmissions> {
  const { quarantinedSubmissions } = await account.run(
    'query ($reason: String) { quarantinedSubmissions(reason: $reason) { totalCount nodes { id reason message formId instanceId timesReceived url } } }',
    { reason },
  );
  return quarantinedSubmissions;
}
