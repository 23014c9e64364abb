import { Redis } from 'ioredis';
import { jobBehaviour } from './testing/behaviour';

const redisUrl = process.env.REDIS_URL;

describe('jobs over a queue in Redis', () => {
  if (!redisUrl) throw new Error('REDIS_URL is missing: run this suite with npm run test:redis.');
  jobBehaviour({
    redisUrl,
    empty: async () => {
      const redis = new Redis(redisUrl);
      await redis.flushall();
      await redis.quit();
    },
  });
});
