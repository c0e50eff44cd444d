/** What the check of a meter over BACnet looks at. */
export const BACNET_FINDING_IDS = [
  'answers',
  'device-id',
  'device-name',
  'vendor',
  'protocol-revision',
  'object-list',
  'object-names',
  'present-values',
  'who-has',
  'conflicts',
  'foreign',
  'instance-free',
] as const;
export type BacnetFindingId = (typeof BACNET_FINDING_IDS)[number];
