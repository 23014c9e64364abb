import fc from 'fast-check';
import { FREQUENCIES, nextNotice } from './next-notice';

const at = (text: string) => new Date(text);
const next = (frequency: (typeof FREQUENCIES)[number], hour: number | null, zone: string, now: string) =>
  nextNotice({ frequency, hour }, zone, at(now)).toISOString();

describe('the next notice', () => {
  it('is a minute later for one at once, so that what happens in one go is one mail', () => {
    expect(next('IMMEDIATE', null, 'UTC', '2026-05-01T10:00:30Z')).toBe('2026-05-01T10:01:30.000Z');
  });

  it('is at the next full hour for an hourly one', () => {
    expect(next('HOURLY', null, 'Asia/Kathmandu', '2026-05-01T10:00:00Z')).toBe('2026-05-01T11:00:00.000Z');
  });

  it('is at the hour of the day where the account is', () => {
    expect(next('DAILY', 7, 'Africa/Kinshasa', '2026-05-01T05:59:00Z')).toBe('2026-05-01T06:00:00.000Z');
    expect(next('DAILY', 7, 'Africa/Kinshasa', '2026-05-01T06:00:00Z')).toBe('2026-05-02T06:00:00.000Z');
    expect(next('DAILY', 7, 'Asia/Kathmandu', '2026-05-01T00:00:00Z')).toBe('2026-05-01T01:15:00.000Z');
  });

  it('leaves out the day whose clock has no such hour', () => {
    expect(next('DAILY', 2, 'Europe/Paris', '2026-03-28T12:00:00Z')).toBe('2026-03-30T00:00:00.000Z');
  });

  it('is always later, and within two days', () => {
    const zones = fc.constantFrom('UTC', 'Africa/Lagos', 'America/St_Johns', 'Pacific/Apia', 'Europe/Lisbon');
    const moments = fc.date({ min: at('2020-01-01'), max: at('2035-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(
        fc.constantFrom(...FREQUENCIES),
        fc.nat(23),
        zones,
        moments,
        (frequency, hour, zone, now) => {
          const later = nextNotice({ frequency, hour }, zone, now).getTime() - now.getTime();
          return later > 0 && later <= 50 * 3_600_000;
        },
      ),
    );
  });
});
