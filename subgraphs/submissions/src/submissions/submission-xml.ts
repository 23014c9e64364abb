/**
 * What a phone sent, read: which form and version it answers, which instance it is, and its answers as a tree.
 *
 * Nothing is left out of the tree: an element the form does not know is kept in its place, and an element that
 * comes twice becomes a list even when the form declares no repeat there.
 */
import { XmlDefect } from '../xml/defect';
import { childNamed, trimmedText } from '../xml/find';
import { readXml, type XmlElement, type XmlLimits } from '../xml/read';

/** A group is an object, a repeat a list of objects, a leaf its text. */
export type Answer = string | AnswerGroup | Answer[];
export interface AnswerGroup {
  [name: string]: Answer;
}

export interface SubmissionXml {
  formId: string;
  version: string;
  instanceId: string;
  instanceName: string | null;
  deviceId: string | null;
  /** Set when this corrects an earlier submission. */
  deprecatedId: string | null;
  root: XmlElement;
}

/** Far above any paper form: 200,000 elements are 1,000 questions in 200 rounds of a repeat. */
export const SUBMISSION_LIMITS: XmlLimits = { bytesMax: 10_000_000, depthMax: 50, elementsMax: 200_000 };

const INSTANCE_ID_LENGTH_MAX = 250;
const MARK_LENGTH_MAX = 250;

/** What can be said of a submission before it is known to be whole; for quarantine. */
export interface SubmissionMarks {
  formId: string | null;
  version: string | null;
  instanceId: string | null;
}

/** Throws XmlDefect for what is no XML or names neither form nor instance. */
export function readSubmissionXml(bytes: Buffer, note: (marks: SubmissionMarks) => void): SubmissionXml {
  const root = readXml(bytes, SUBMISSION_LIMITS);
  const meta = childNamed(root, 'meta');
  const formId = (root.attributes.get('id') ?? root.namespace).trim();
  const version = (root.attributes.get('version') ?? '').trim();
  const instanceId =
    trimmedText(childNamed(meta, 'instanceID')) ?? root.attributes.get('instanceID')?.trim() ?? '';
  note({ formId: mark(formId), version: mark(version), instanceId: mark(instanceId) });
  if (formId === '') {
    throw new XmlDefect(
      'NOT_A_SUBMISSION',
      `This XML is not a submission: <${root.name.slice(0, 60)}> has no attribute \`id\` that names the form.`,
    );
  }
  if (instanceId === '' || instanceId.length > INSTANCE_ID_LENGTH_MAX) {
    throw new XmlDefect(
      'NO_INSTANCE_ID',
      instanceId === ''
        ? 'The submission has no `meta/instanceID`, so a second sending could not be told from a second submission.'
        : `The submission's instance id is longer than ${INSTANCE_ID_LENGTH_MAX} characters.`,
    );
  }
  if (root.attributes.get('encrypted') === 'yes') {
    throw new XmlDefect('ENCRYPTED', 'The submission is encrypted; encrypted forms are not taken.');
  }
  return {
    formId,
    version,
    instanceId,
    instanceName: trimmedText(childNamed(meta, 'instanceName')) ?? null,
    deviceId: trimmedText(childNamed(meta, 'deviceID') ?? childNamed(root, 'deviceid')) ?? null,
    deprecatedId: trimmedText(childNamed(meta, 'deprecatedID')) ?? null,
    root,
  };
}

function mark(text: string): string | null {
  return text.slice(0, MARK_LENGTH_MAX) || null;
}

/** The tree of answers below the root; `repeats` are the paths the form declares as repeats. */
export function answersOf(root: XmlElement, repeats: ReadonlySet<string>): AnswerGroup {
  return groupOf(root, `/${root.name}`, repeats);
}

function groupOf(element: XmlElement, path: string, repeats: ReadonlySet<string>): AnswerGroup {
  // Without a prototype an element called __proto__ is a name like any other.
  const group: AnswerGroup = Object.create(null);
  for (const child of element.children) {
    const childPath = `${path}/${child.name}`;
    const answer = child.children.length > 0 ? groupOf(child, childPath, repeats) : child.text;
    const before = group[child.name];
    if (Array.isArray(before)) before.push(answer);
    else if (before !== undefined) group[child.name] = [before, answer];
    else group[child.name] = repeats.has(childPath) ? [answer] : answer;
  }
  return group;
}

/** The answers to one question in document order: one outside repeats, as many as rounds inside. */
export function answersAt(root: XmlElement, path: string): string[] {
  const [first, ...steps] = path.split('/').slice(1);
  if (first !== root.name) return [];
  let level: XmlElement[] = [root];
  for (const step of steps)
    level = level.flatMap(({ children }) => children.filter(({ name }) => name === step));
  return level.map(({ text }) => text.trim()).filter((text) => text !== '');
}
