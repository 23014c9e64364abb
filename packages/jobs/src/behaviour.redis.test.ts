import { Redis } from 'ioredis';
import { jobBehaviour } from './testing/behaviour';

const redisUrl = process.env.REDIS_URL;

describe('jobs over a queue in Redis', () => {
  if (!redisUrl) throw new Error('REDIS_URL is missing: run this suite with npm run test:redis.');
  jobBehaviour({
    redisUrl,
    empty: async (_ground, prefix) => {
      const redis = new Redis(redisUrl);
      const keys = await redis.keys(`${prefix}*`);
      if (keys.length > 0) await redis.del(keys);
      await redis.quit();
    },
  });
});
