import fc from 'fast-check';
import { CONTENT_TYPES, contentTypeOf } from './content-type';

const typeOf = (content: string | Buffer, claimed?: string) => {
  const bytes = Buffer.from(content as string);
  return contentTypeOf(bytes, bytes, claimed);
};

/** The first bytes of a SQLite file with this application id. */
const sqlite = (applicationId: string) => {
  const head = Buffer.alloc(100);
  head.write('SQLite format 3\0');
  head.write(applicationId, 68);
  return head;
};

describe('the content type', () => {
  it.each([
    ['a table with commas', 'name,code\na,1\n', CONTENT_TYPES.csv],
    ['a table with semicolons in Latin-1', Buffer.from('école;région\n', 'latin1'), CONTENT_TYPES.csv],
    ['a table with tabs after a byte order mark', '\ufeffname\tcode\r\n', CONTENT_TYPES.csv],
    ['a table in UTF-16', Buffer.from('\ufeffname;code\n', 'utf16le'), CONTENT_TYPES.csv],
    ['a table whose first cell begins with a bracket', '[code],name\n', CONTENT_TYPES.csv],
    ['a single column', 'name\nKita\n', CONTENT_TYPES.text],
    ['an object', ' {"type": "FeatureCollection"}', CONTENT_TYPES.json],
    ['a list', '[1, 2]', CONTENT_TYPES.json],
    ['a form', '\ufeff<?xml version="1.0"?><h:html/>', CONTENT_TYPES.xml],
    ['a GeoPackage', sqlite('GPKG'), CONTENT_TYPES.geopackage],
    ['an older GeoPackage', sqlite('GP10'), CONTENT_TYPES.geopackage],
    ['another SQLite file', sqlite('\0\0\0\0'), CONTENT_TYPES.sqlite],
    ['a workbook', 'PK\x03\x04....xl/workbook.xml', CONTENT_TYPES.xlsx],
    ['a document that is no workbook', 'PK\x03\x04....word/document.xml', CONTENT_TYPES.zip],
    ['an empty archive', 'PK\x05\x06', CONTENT_TYPES.zip],
    ['a document', '%PDF-1.7', CONTENT_TYPES.pdf],
    ['bytes', Buffer.from([0, 1, 2, 3]), CONTENT_TYPES.unknown],
    ['nothing', '', CONTENT_TYPES.unknown],
  ])('of %s is what its bytes say', (_, content, expected) => {
    expect(typeOf(content)).toBe(expected);
  });

  it('of a workbook whose parts stand in any order is found at the end of the file', () => {
    const head = Buffer.from('PK\x03\x04 media/image1.png');
    expect(contentTypeOf(head, Buffer.from('PK\x01\x02 xl/workbook.xml'))).toBe(CONTENT_TYPES.xlsx);
  });

  it('of GeoJSON is that of its sender: its bytes say no more than JSON', () => {
    expect(typeOf('{"type":"FeatureCollection"}', 'application/geo+json')).toBe(CONTENT_TYPES.geojson);
    expect(typeOf('a,b\n', 'application/geo+json')).toBe(CONTENT_TYPES.csv);
  });

  it('is never what the sender says when a browser would run that', () => {
    for (const claimed of [
      'text/html',
      'image/svg+xml',
      'application/javascript',
      'IMAGE/SVG+XML; charset=x',
    ]) {
      expect(typeOf(Buffer.from([0, 1]), claimed)).toBe(CONTENT_TYPES.unknown);
    }
    expect(typeOf(Buffer.from([0, 1]), 'audio/amr')).toBe('audio/amr');
    expect(typeOf('a,b\n', 'audio/amr')).toBe(CONTENT_TYPES.csv);
  });

  it('is one of those we know for whatever bytes, and never an error', () => {
    const known = new Set<string>(Object.values(CONTENT_TYPES));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(known).toContain(contentTypeOf(Buffer.from(bytes), Buffer.from(bytes)));
      }),
    );
  });
});
