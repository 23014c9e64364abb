import { RateLimit } from './rate-limit';

describe('the rate limit', () => {
  let now = 0;
  const limit = () => new RateLimit(60, () => now);
  const take = (rate: RateLimit, times: number, address = '192.0.2.1', authorization?: string) => {
    for (let index = 0; index < times; index++) rate.take(address, authorization);
  };

  it('refuses the request above it, and says how long to wait', () => {
    const rate = limit();
    take(rate, 60);
    expect(() => take(rate, 1)).toThrow(/60 requests a minute, the limit set by RATE_LIMIT_PER_MINUTE/);
    expect(() => take(rate, 1)).toThrow(
      expect.objectContaining({ code: 'RATE_LIMITED', details: { retryAfterSeconds: 1 } }),
    );
    take(rate, 60, '192.0.2.2');
  });

  it('fills up again as time passes', () => {
    const rate = limit();
    take(rate, 60);
    now += 2000;
    take(rate, 2);
    expect(() => take(rate, 1)).toThrow(/RATE_LIMIT/);
    now += 3_600_000;
    take(rate, 60);
    expect(() => take(rate, 1)).toThrow(/RATE_LIMIT/);
  });

  it('counts by person once that is proven, so that an office does not share one limit', () => {
    const rate = limit();
    rate.recognise('Bearer ada', 'user ada');
    rate.recognise('Bearer bob', 'user bob');
    take(rate, 60, '192.0.2.1', 'Bearer ada');
    take(rate, 60, '192.0.2.1', 'Bearer bob');
    expect(() => take(rate, 1, '198.51.100.7', 'Bearer ada')).toThrow(/RATE_LIMIT/);
  });

  it('invented tokens gain nothing', () => {
    const rate = limit();
    for (let index = 0; index < 60; index++) take(rate, 1, '192.0.2.1', `Bearer ${index}`);
    expect(() => take(rate, 1, '192.0.2.1', 'Bearer another')).toThrow(/RATE_LIMIT/);
  });
});
