import fc from 'fast-check';
import { renderMail } from './render';
import { inSubject, mailLanguage } from './words';

const words = (change = {}) => ({ subject: 'Hello', paragraphs: ['One.', 'Two\nlines.'], ...change });

it('text and HTML say the same, the button below', () => {
  const button = { label: 'Confirm', url: 'https://iroko.example/link#confirm=abc' };
  const { text, html } = renderMail(words({ button }), 'en');
  expect(text).toBe('One.\n\nTwo\nlines.\n\nConfirm:\nhttps://iroko.example/link#confirm=abc\n');
  expect(html).toContain('<p>Two<br>lines.</p>');
  expect(html).toContain('href="https://iroko.example/link#confirm=abc"');
});

it('nothing a person wrote becomes markup', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: fc.constantFrom(...'<>&"\'/ascript=') }), (text) => {
      const { html } = renderMail(words({ paragraphs: [text] }), 'fr');
      const body = html.slice(html.indexOf('<p>') + 3, html.indexOf('</p>'));
      expect(body).not.toMatch(/[<>"']/);
    }),
  );
});

it.each([
  ['a subject of two lines', { subject: 'Hello\r\nBcc: eve@example.org' }],
  ['an empty subject', { subject: '' }],
  ['no paragraph', { paragraphs: [] }],
  ['a control character', { paragraphs: ['\u001b[2J'] }],
  ['a button that runs a script', { button: { label: 'x', url: 'javascript:alert(1)' } }],
  ['a paragraph of 10,000 characters', { paragraphs: ['x'.repeat(10_000)] }],
])('%s is refused', (_, change) => {
  expect(() => renderMail(words(change), 'en')).toThrow();
});

it('a name fits a subject, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const subject = `About ${inSubject(name)}`;
      expect(() => renderMail(words({ subject }), 'en')).not.toThrow();
    }),
  );
});

it('the language is the first known of those wished for, else English', () => {
  expect(mailLanguage(null, 'pt')).toBe('pt');
  expect(mailLanguage('fr', 'pt')).toBe('fr');
  expect(mailLanguage('tlh', undefined)).toBe('en');
});
