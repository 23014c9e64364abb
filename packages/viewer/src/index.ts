export * from './permissions';
export * from './viewer';
