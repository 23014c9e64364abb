import { XmlDefect } from './defect';
import { readXml, type XmlLimits } from './read';

const limits: XmlLimits = { bytesMax: 10_000, depthMax: 10, elementsMax: 100 };

function reasonOf(text: string | Buffer): string {
  try {
    readXml(Buffer.from(text as string), limits);
  } catch (error) {
    if (error instanceof XmlDefect) return error.reason;
    throw error;
  }
  return 'taken';
}

describe('XML from strangers', () => {
  it('is read into elements with names, attributes and exact text', () => {
    const root = readXml(
      Buffer.from(
        '<?xml version="1.0" encoding="UTF-8"?><a x="1"><b> é &amp; <![CDATA[<]]></b><!-- no --></a>',
      ),
      limits,
    );
    expect(root.attributes.get('x')).toBe('1');
    expect(root.children.map(({ name, text }) => [name, text])).toEqual([['b', ' é & <']]);
  });

  it('may begin with a byte order mark', () => {
    expect(reasonOf('\ufeff<a/>')).toBe('taken');
  });

  it('never expands an entity: a billion laughs end at the document type', () => {
    const laughs = `<!DOCTYPE a [<!ENTITY l "ha"><!ENTITY m "&l;&l;&l;">]><a>&m;</a>`;
    expect(reasonOf(laughs)).toBe('DOCTYPE');
  });

  it('never reads a file or an address', () => {
    expect(reasonOf('<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>')).toBe('DOCTYPE');
    expect(reasonOf('<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>')).toBe('DOCTYPE');
    expect(reasonOf('<a>&f;</a>')).toBe('NOT_XML');
  });

  it('is bounded in bytes, depth and number of elements', () => {
    expect(reasonOf(`<a>${' '.repeat(10_000)}</a>`)).toBe('TOO_LARGE');
    expect(reasonOf(`${'<a>'.repeat(11)}${'</a>'.repeat(11)}`)).toBe('TOO_DEEP');
    expect(reasonOf(`<a>${'<b/>'.repeat(100)}</a>`)).toBe('TOO_LARGE');
    const attributes = Array.from({ length: 101 }, (_, index) => `a${index}="1"`).join(' ');
    expect(reasonOf(`<a ${attributes}/>`)).toBe('TOO_LARGE');
  });

  it('is refused when it is something else, with what it is', () => {
    expect(reasonOf('')).toBe('EMPTY');
    expect(reasonOf('name;age\nx;1')).toBe('NOT_XML');
    expect(reasonOf('<a><b></a>')).toBe('NOT_XML');
    expect(reasonOf('<a>')).toBe('NOT_XML');
    expect(reasonOf(Buffer.from('PK\u0003\u0004'))).toBe('NOT_XML');
    expect(reasonOf(Buffer.from([0xff, 0xfe, 0x3c, 0x00]))).toBe('WRONG_ENCODING');
    expect(reasonOf(Buffer.from([0x3c, 0x61, 0x3e, 0xe9, 0x3c, 0x2f, 0x61, 0x3e]))).toBe('WRONG_ENCODING');
    expect(reasonOf('<?xml version="1.0" encoding="ISO-8859-1"?><a/>')).toBe('WRONG_ENCODING');
  });

  it('names the line of a mistake', () => {
    expect(() => readXml(Buffer.from('<a>\n<b>\n</a>'), limits)).toThrow(/line 3/);
  });
});
