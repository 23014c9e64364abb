/**
 * Reads XML that strangers send.
 *
 * Nothing outside the document is ever read and no entity is ever expanded beyond the five of XML: a document
 * type declaration is refused as such. Size, depth, elements and attributes are bounded, so that a small document
 * cannot cost much. Text and attribute values are kept exactly, since answers are data.
 */
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { XmlDefect } from './defect';

export interface XmlElement {
  /** The name without its prefix. */
  readonly name: string;
  readonly namespace: string;
  /** Attributes by name without prefix; one without namespace wins over one with. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  /** The text directly inside, without that of child elements. */
  text: string;
}

export interface XmlLimits {
  bytesMax: number;
  depthMax: number;
  elementsMax: number;
}

const ATTRIBUTES_MAX = 100;

/** The root element. Throws XmlDefect for whatever is no well-formed, bounded XML in UTF-8. */
export function readXml(bytes: Buffer, limits: XmlLimits): XmlElement {
  if (bytes.length === 0) throw new XmlDefect('EMPTY', 'The file is empty.');
  if (bytes.length > limits.bytesMax) {
    throw new XmlDefect(
      'TOO_LARGE',
      `The XML has ${bytes.length} bytes; at most ${limits.bytesMax} are taken.`,
    );
  }
  return new TreeBuilder(limits).build(decodeUtf8(bytes));
}

function decodeUtf8(bytes: Buffer): string {
  const startsAsUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (startsAsUtf16) {
    throw new XmlDefect(
      'WRONG_ENCODING',
      'The XML is written in UTF-16; save it as UTF-8 and send it again.',
    );
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw new XmlDefect(
      'NOT_XML',
      'This is a ZIP or Excel file, not XML. Convert an XLSForm to XForm XML first, for instance with pyxform.',
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new XmlDefect('WRONG_ENCODING', 'The XML is not valid UTF-8; save it as UTF-8 and send it again.');
  }
}

class TreeBuilder {
  private readonly parser = new SaxesParser({ xmlns: true, position: true });
  private readonly open: XmlElement[] = [];
  private root: XmlElement | undefined;
  private elements = 0;

  constructor(private readonly limits: XmlLimits) {
    this.parser.on('xmldecl', ({ encoding }) => this.checkEncoding(encoding));
    this.parser.on('doctype', () => {
      throw this.defect(
        'DOCTYPE',
        'A document type declaration (<!DOCTYPE …>) is not taken. Remove it and send again',
      );
    });
    this.parser.on('error', (error) => {
      throw this.defect('NOT_XML', `This is not well-formed XML: ${plainMessage(error)}`);
    });
    this.parser.on('opentag', (tag) => this.enter(tag));
    this.parser.on('closetag', () => this.open.pop());
    this.parser.on('text', (text) => this.addText(text));
    this.parser.on('cdata', (text) => this.addText(text));
  }

  build(text: string): XmlElement {
    this.parser.write(text).close();
    if (!this.root) throw new XmlDefect('NOT_XML', 'This is not XML: it has no element.');
    return this.root;
  }

  private enter(tag: SaxesTagNS): void {
    if (++this.elements > this.limits.elementsMax) {
      throw this.defect('TOO_LARGE', `The XML has more than ${this.limits.elementsMax} elements`);
    }
    if (this.open.length >= this.limits.depthMax) {
      throw this.defect('TOO_DEEP', `The XML is nested deeper than ${this.limits.depthMax} elements`);
    }
    const element: XmlElement = {
      name: tag.local,
      namespace: tag.uri,
      attributes: this.attributesOf(tag),
      children: [],
      text: '',
    };
    const parent = this.open.at(-1);
    if (parent) parent.children.push(element);
    else this.root = element;
    this.open.push(element);
  }

  private attributesOf(tag: SaxesTagNS): ReadonlyMap<string, string> {
    const all = Object.values(tag.attributes);
    if (all.length > ATTRIBUTES_MAX) {
      throw this.defect('TOO_LARGE', `An element has more than ${ATTRIBUTES_MAX} attributes`);
    }
    const attributes = new Map<string, string>();
    for (const { local, uri, value } of all) {
      if (uri === '' || !attributes.has(local)) attributes.set(local, value);
    }
    return attributes;
  }

  private addText(text: string): void {
    const element = this.open.at(-1);
    if (element) element.text += text;
  }

  private checkEncoding(encoding: string | undefined): void {
    if (encoding === undefined || /^(utf-?8|us-ascii)$/i.test(encoding)) return;
    throw new XmlDefect(
      'WRONG_ENCODING',
      `The XML says it is written in ${encoding.slice(0, 40)}; save it as UTF-8 and send it again.`,
    );
  }

  private defect(reason: ConstructorParameters<typeof XmlDefect>[0], message: string): XmlDefect {
    return new XmlDefect(reason, `${message} (line ${this.parser.line}, column ${this.parser.column}).`);
  }
}

/** The parser writes its position before its message; ours stands at the end of the sentence. */
function plainMessage(error: Error): string {
  return error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
}
