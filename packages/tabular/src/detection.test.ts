import fc from 'fast-check';
import { type Bytes, detectDateOrder, detectDialect, parseDate, parseNumber, readCsv } from './index';

const opener =
  (bytes: Buffer, size = 7) =>
  async (): Promise<Bytes> =>
    (async function* () {
      for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
    })();

const text =
  'Région;Nom;Longitude;Ouvert\r\nBoké;École n° 1;-14,28;31/12/2001\nKindia;Dépôt;-12,86;01/02/2003\n';

async function read(bytes: Buffer) {
  const dialect = await detectDialect(opener(bytes));
  const rows: string[][] = [];
  for await (const batch of readCsv(opener(bytes), dialect)) rows.push(...batch.map((row) => row.cells));
  return { dialect, rows };
}

const swapped = (s: string) => Buffer.from(s, 'utf16le').swap16();

describe('a file says how it is written', () => {
  it.each([
    ['UTF_8', false, Buffer.from(text)],
    ['UTF_8', true, Buffer.from(`\ufeff${text}`)],
    ['UTF_16LE', true, Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF_16LE', false, Buffer.from(text, 'utf16le')],
    ['UTF_16BE', true, swapped(`\ufeff${text}`)],
    ['UTF_16BE', false, swapped(text)],
    ['LATIN_1', false, Buffer.from(text, 'latin1')],
  ])('in %s (byte order mark: %s)', async (encoding, byteOrderMark, bytes) => {
    const { dialect, rows } = await read(bytes);
    expect(dialect).toMatchObject({
      encoding,
      byteOrderMark,
      separator: ';',
      decimalSign: 'COMMA',
      dateOrder: 'DMY',
      header: true,
    });
    expect(rows).toEqual([
      ['Région', 'Nom', 'Longitude', 'Ouvert'],
      ['Boké', 'École n° 1', '-14,28', '31/12/2001'],
      ['Kindia', 'Dépôt', '-12,86', '01/02/2003'],
    ]);
  });

  it('in Windows-1252 when it has signs that Latin-1 lacks', async () => {
    const { dialect, rows } = await read(Buffer.from('nom,prix\nl\x92\xe9cole,5 \x80\n', 'latin1'));
    expect(dialect).toMatchObject({ encoding: 'WINDOWS_1252', separator: ',' });
    expect(rows[1]).toEqual(['l’école', '5 €']);
  });

  it('also when its first accent stands far behind the sample', async () => {
    const plain = 'a,b\n'.repeat(300_000);
    const latin = await detectDialect(
      opener(Buffer.concat([Buffer.from(plain), Buffer.from('\xe9,x\n', 'latin1')]), 65536),
    );
    expect(latin.encoding).toBe('LATIN_1');
    const utf8 = await detectDialect(opener(Buffer.from(`${plain}é,x\n`), 65537));
    expect(utf8.encoding).toBe('UTF_8');
  });

  it('in lines that end in a lone carriage return', async () => {
    const { rows } = await read(Buffer.from('a,b\rc,d\r'));
    expect(rows).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('with or without a header', async () => {
    expect((await read(Buffer.from('Kisangani;25.2;0.51\nBoma;13.05;-5.85\n'))).dialect.header).toBe(false);
    expect((await read(Buffer.from('name;x\nKisangani;25.2\n'))).dialect.header).toBe(true);
  });

  it('and what a person names is not detected again', async () => {
    const named = { separator: '|', decimalSign: 'POINT', dateOrder: 'MDY', header: false } as const;
    expect(await detectDialect(opener(Buffer.from(text)), named)).toMatchObject(named);
  });
});

describe('what is no table is refused', () => {
  it.each([
    ['an empty file', Buffer.alloc(0), 'it has 0 bytes'],
    ['nothing but line ends', Buffer.from('\r\n \n'), 'nothing but spaces'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452ff', 'hex'), 'bytes that no text has'],
  ])('%s', async (_name, bytes, message) => {
    await expect(detectDialect(opener(bytes))).rejects.toThrow(message);
  });

  it('and so are bytes that the named encoding does not have', async () => {
    const open = opener(Buffer.from('a,b\n\xe9,x\n', 'latin1'));
    const reading = (async () => {
      for await (const _rows of readCsv(open, { separator: ',', encoding: 'UTF_8', carriageReturns: false }));
    })();
    await expect(reading).rejects.toThrow('The file is not UTF_8');
  });
});

describe('numbers', () => {
  it.each([
    ['-5.85', 'POINT', -5.85],
    [' 0 ', 'POINT', 0],
    ['-5,85', 'COMMA', -5.85],
    ['5.85', 'COMMA', 5.85],
    ['1 234,5', 'COMMA', 1234.5],
    ['1e-7', 'POINT', 1e-7],
    ['-5,85', 'POINT', undefined],
    ['1.234,5', 'COMMA', undefined],
    ['NaN', 'POINT', undefined],
    ['Infinity', 'POINT', undefined],
    ['0x10', 'POINT', undefined],
    ['', 'POINT', undefined],
    ['12°', 'POINT', undefined],
  ] as const)('%j with decimal %s is %s', (cell, sign, expected) => {
    expect(parseNumber(cell, sign)).toBe(expected);
  });

  it('read back whatever JavaScript writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(parseNumber(String(number), 'POINT')).toBe(number + 0);
      }),
    );
  });
});

describe('dates', () => {
  it.each([
    ['2024-02-29', 'DMY', '2024-02-29'],
    ['2023-02-29', 'YMD', undefined],
    ['31-02-2024', 'DMY', undefined],
    ['31/12/2001', 'DMY', '2001-12-31'],
    ['12/31/2001', 'MDY', '2001-12-31'],
    ['31/12/2001', 'MDY', undefined],
    ['2001/12/31', 'YMD', '2001-12-31'],
    ['1.2.2003', 'DMY', '2003-02-01'],
    ['2001-12-31T00:00:00.000', 'DMY', '2001-12-31'],
    ['31/12/01', 'DMY', undefined],
    ['yesterday', 'DMY', undefined],
  ] as const)('%j in order %s is %s', (cell, order, expected) => {
    expect(parseDate(cell, order)).toBe(expected);
  });

  it('tell their order by the first day past the twelfth, and say when none does', () => {
    expect(detectDateOrder(['01/02/2003', '13/02/2003'])).toEqual({ order: 'DMY', ambiguous: false });
    expect(detectDateOrder(['01/02/2003', '02/13/2003'])).toEqual({ order: 'MDY', ambiguous: false });
    expect(detectDateOrder(['01/02/2003'])).toEqual({ order: 'DMY', ambiguous: true });
    expect(detectDateOrder(['2003-01-02', 'x'])).toEqual({ order: 'YMD', ambiguous: false });
  });
});
