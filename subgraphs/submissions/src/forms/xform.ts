/**
 * What a form must know about an XForm: who it is (form id, version, title) and what it asks (the leaves of its
 * primary instance, with the types that the bind elements give them).
 *
 * The definition itself is kept as uploaded and handed to phones untouched; this reads, it never rewrites.
 */
import { XmlDefect } from '../xml/defect';
import { childNamed, descendantNamed, descendantsNamed, trimmedText } from '../xml/find';
import { readXml, type XmlElement, type XmlLimits } from '../xml/read';

export interface Question {
  /** From the root of the answers, such as `/data/household/age`. */
  path: string;
  /** The last step of the path. */
  name: string;
  /** The XForm's type, such as `string`, `int`, `decimal`, `date`, `geopoint`, `binary`. */
  type: string;
  required: boolean;
  /** The path of the innermost repeat it stands in. */
  repeatPath: string | null;
}

export interface XForm {
  formId: string;
  /** Empty when the XForm states none. */
  version: string;
  title: string;
  rootName: string;
  questions: Question[];
}

/** A definition of 20 MB has room for 100,000 choices in several languages. */
export const XFORM_LIMITS: XmlLimits = { bytesMax: 20_000_000, depthMax: 100, elementsMax: 1_000_000 };

const FORM_ID_LENGTH_MAX = 200;

/** Throws XmlDefect for what is no XML or no XForm. */
export function readXForm(bytes: Buffer): XForm {
  const document = readXml(bytes, XFORM_LIMITS);
  const model = modelOf(document);
  const root = primaryRootOf(model);
  const formId = (root.attributes.get('id') ?? root.namespace).trim();
  if (formId === '' || formId === 'http://www.w3.org/2002/xforms') {
    throw notAnXForm(
      'its primary instance has no form id; set `form_id` in the settings, or the attribute `id`',
    );
  }
  if (formId.length > FORM_ID_LENGTH_MAX) {
    throw notAnXForm(`its form id is longer than ${FORM_ID_LENGTH_MAX} characters`);
  }
  return {
    formId,
    version: (root.attributes.get('version') ?? '').trim(),
    title: trimmedText(descendantNamed(document, 'title')) ?? formId,
    rootName: root.name,
    questions: questionsOf(document, model, root),
  };
}

function modelOf(document: XmlElement): XmlElement {
  if (document.name === 'html' || document.name === 'xform') {
    const model = childNamed(childNamed(document, 'head') ?? document, 'model');
    if (model) return model;
    throw notAnXForm('it has no `model` in its `head`');
  }
  throw notAnXForm(`its outermost element is <${document.name.slice(0, 60)}>, where <h:html> was expected`);
}

function primaryRootOf(model: XmlElement): XmlElement {
  const instance = childNamed(model, 'instance');
  if (!instance) throw notAnXForm('its model has no `instance`');
  const root = instance.children[0];
  if (!root) throw notAnXForm('its primary instance is empty');
  return root;
}

function questionsOf(document: XmlElement, model: XmlElement, root: XmlElement): Question[] {
  const binds = bindsOf(model);
  const { repeats, groups } = structureOf(document);
  const questions = new Map<string, Question>();
  const visit = (element: XmlElement, path: string, repeatPath: string | null): void => {
    const innermost = repeats.has(path) ? path : repeatPath;
    for (const child of element.children) visit(child, `${path}/${child.name}`, innermost);
    const leaf = element.children.length === 0 && element !== root && !repeats.has(path) && !groups.has(path);
    // A repeat stands twice in the instance, as template and as first copy: a path is one question.
    if (!leaf || questions.has(path)) return;
    questions.set(path, {
      path,
      name: element.name,
      type: binds.get(path)?.type ?? 'string',
      required: binds.get(path)?.required ?? false,
      repeatPath: innermost,
    });
  };
  visit(root, `/${root.name}`, null);
  return [...questions.values()];
}

function bindsOf(model: XmlElement): Map<string, { type: string; required: boolean }> {
  const binds = new Map<string, { type: string; required: boolean }>();
  for (const bind of model.children) {
    const path = bind.name === 'bind' ? pathOf(bind.attributes.get('nodeset')) : undefined;
    if (!path) continue;
    binds.set(path, {
      type: withoutPrefix(bind.attributes.get('type') ?? 'string'),
      required: bind.attributes.get('required')?.trim() === 'true()',
    });
  }
  return binds;
}

function structureOf(document: XmlElement): { repeats: Set<string>; groups: Set<string> } {
  const repeats = new Set<string>();
  const groups = new Set<string>();
  const body = childNamed(document, 'body') ?? document;
  for (const repeat of descendantsNamed(body, 'repeat')) {
    const path = pathOf(repeat.attributes.get('nodeset'));
    if (path) repeats.add(path);
  }
  for (const group of descendantsNamed(body, 'group')) {
    const path = pathOf(group.attributes.get('ref') ?? group.attributes.get('nodeset'));
    if (path) groups.add(path);
  }
  return { repeats, groups };
}

/** Prefixes are the author's choice and absent from answers' names here, so they are left out of paths too. */
function pathOf(nodeset: string | undefined): string | undefined {
  const path = nodeset?.trim();
  return path?.startsWith('/') ? path.split('/').map(withoutPrefix).join('/') : undefined;
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1).trim();
}

function notAnXForm(what: string): XmlDefect {
  return new XmlDefect('NOT_AN_XFORM', `This XML is not an XForm: ${what}.`);
}
