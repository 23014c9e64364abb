export { type Answer, type Call, Outbound, type OutboundOptions } from './outbound';
export { OutboundError, type OutboundReason } from './outbound-error';
