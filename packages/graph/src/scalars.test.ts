import { DateScalar, DateTimeScalar, GeoJSONScalar, LongScalar } from './scalars';

describe('scalars', () => {
  it('a Date must be a day of the calendar', () => {
    expect(DateScalar.parseValue('2024-02-29')).toBe('2024-02-29');
    for (const wrong of ['2026-02-31', '31-02-2026', '2026-2-1', 20260201, '', null]) {
      expect(() => DateScalar.parseValue(wrong)).toThrow(/day of the calendar/);
    }
  });

  it('a DateTime keeps the moment and is answered in UTC', () => {
    const moment = DateTimeScalar.parseValue('2026-03-01T08:30:00+02:00');
    expect(DateTimeScalar.serialize(moment)).toBe('2026-03-01T06:30:00.000Z');
    for (const wrong of ['2026-03-01', '2026-02-30T00:00:00Z', '2026-03-01T08:30:00', 'now']) {
      expect(() => DateTimeScalar.parseValue(wrong)).toThrow(/A DateTime is written/);
    }
  });

  it('a Long carries what Int cannot, and nothing inexact', () => {
    expect(LongScalar.parseValue(5_000_000_000)).toBe(5_000_000_000);
    expect(() => LongScalar.parseValue(2 ** 53)).toThrow();
    expect(() => LongScalar.parseValue(1.5)).toThrow();
  });

  it('a GeoJSON geometry has a type and coordinates', () => {
    expect(() => GeoJSONScalar.parseValue({ type: 'Point' })).toThrow(/coordinates/);
    expect(() => GeoJSONScalar.parseValue('POINT(1 2)')).toThrow();
  });
});
