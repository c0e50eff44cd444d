// Names of the standard for what can come from an energy meter; anything else keeps its number. Source: ANSI/ASHRAE 135, clauses 18 and 21.

const OBJECT_TYPES: Readonly<Record<number, string>> = {
  0: 'analog-input',
  1: 'analog-output',
  2: 'analog-value',
  3: 'binary-input',
  4: 'binary-output',
  5: 'binary-value',
  6: 'calendar',
  7: 'command',
  8: 'device',
  10: 'file',
  13: 'multi-state-input',
  14: 'multi-state-output',
  15: 'notification-class',
  17: 'schedule',
  19: 'multi-state-value',
  20: 'trend-log',
  23: 'accumulator',
  24: 'pulse-converter',
  27: 'trend-log-multiple',
  29: 'structured-view',
  39: 'bitstring-value',
  40: 'characterstring-value',
  45: 'integer-value',
  46: 'large-analog-value',
  48: 'positive-integer-value',
  56: 'network-port',
};

const PROPERTIES: Readonly<Record<number, string>> = {
  12: 'application-software-version',
  28: 'description',
  36: 'event-state',
  44: 'firmware-revision',
  58: 'location',
  62: 'max-apdu-length-accepted',
  70: 'model-name',
  75: 'object-identifier',
  76: 'object-list',
  77: 'object-name',
  79: 'object-type',
  81: 'out-of-service',
  85: 'present-value',
  96: 'protocol-object-types-supported',
  97: 'protocol-services-supported',
  98: 'protocol-version',
  107: 'segmentation-supported',
  111: 'status-flags',
  112: 'system-status',
  117: 'units',
  120: 'vendor-identifier',
  121: 'vendor-name',
  139: 'protocol-revision',
  155: 'database-revision',
  371: 'property-list',
  372: 'serial-number',
};

const UNITS: Readonly<Record<number, string>> = {
  2: 'mA',
  3: 'A',
  4: 'Ω',
  5: 'V',
  6: 'kV',
  7: 'MV',
  8: 'VA',
  9: 'kVA',
  10: 'MVA',
  11: 'var',
  12: 'kvar',
  13: 'Mvar',
  14: '° (phase)',
  15: '(power factor)',
  16: 'J',
  17: 'kJ',
  18: 'Wh',
  19: 'kWh',
  27: 'Hz',
  47: 'W',
  48: 'kW',
  49: 'MW',
  62: '°C',
  63: 'K',
  64: '°F',
  70: 'd',
  71: 'h',
  72: 'min',
  73: 's',
  90: '°',
  95: '',
  98: '%',
  124: 'mV',
  132: 'mW',
  146: 'MWh',
  159: 'ms',
  203: 'varh',
  204: 'kvarh',
  205: 'Mvarh',
  239: 'VAh',
  240: 'kVAh',
  241: 'MVAh',
  // The standard has the reactive energies twice.
  242: 'varh',
  243: 'kvarh',
  244: 'Mvarh',
};

const ERROR_CLASSES = ['device', 'object', 'property', 'resources', 'security', 'services', 'vt', 'communication'];

const ERROR_CODES: Readonly<Record<number, string>> = {
  0: 'other',
  2: 'configuration-in-progress',
  3: 'device-busy',
  7: 'inconsistent-parameters',
  9: 'invalid-data-type',
  16: 'missing-required-parameter',
  17: 'no-objects-of-specified-type',
  19: 'no-space-to-add-list-element',
  25: 'operational-problem',
  26: 'password-failure',
  27: 'read-access-denied',
  29: 'service-request-denied',
  30: 'timeout',
  31: 'unknown-object',
  32: 'unknown-property',
  36: 'unsupported-object-type',
  37: 'value-out-of-range',
  40: 'write-access-denied',
  41: 'character-set-not-supported',
  42: 'invalid-array-index',
  44: 'not-cov-property',
  45: 'optional-functionality-not-supported',
  47: 'datatype-not-supported',
  50: 'property-is-not-an-array',
  53: 'abort-preempted-by-higher-priority-task',
  54: 'abort-segmentation-not-supported',
  65: 'reject-too-many-arguments',
  82: 'busy',
  83: 'communication-disabled',
  85: 'access-denied',
};

const REJECT_REASONS = [
  'other',
  'buffer-overflow',
  'inconsistent-parameters',
  'invalid-parameter-data-type',
  'invalid-tag',
  'missing-required-parameter',
  'parameter-out-of-range',
  'too-many-arguments',
  'undefined-enumeration',
  'unrecognized-service',
];

const ABORT_REASONS = [
  'other',
  'buffer-overflow',
  'invalid-apdu-in-this-state',
  'preempted-by-higher-priority-task',
  'segmentation-not-supported',
  'security-error',
  'insufficient-security',
  'window-size-out-of-range',
  'application-exceeded-reply-time',
  'out-of-resources',
  'tsm-timeout',
  'apdu-too-long',
];

/** "analog-input", or "type-600" for one that is not named here. */
export function objectTypeName(type: number): string {
  return OBJECT_TYPES[type] ?? `type-${type}`;
}

/** "present-value", or "property-512". */
export function propertyName(property: number): string {
  return PROPERTIES[property] ?? `property-${property}`;
}

/** "kWh"; empty for no-units (95), "unit 260" for one that is not named here. */
export function unitText(unit: number): string {
  return UNITS[unit] ?? `unit ${unit}`;
}

/** "property", or "class-70". */
export function errorClassName(errorClass: number): string {
  return ERROR_CLASSES[errorClass] ?? `class-${errorClass}`;
}

/** "unknown-property", or "code-300". */
export function errorCodeName(errorCode: number): string {
  return ERROR_CODES[errorCode] ?? `code-${errorCode}`;
}

/** "unrecognized-service", or "reason-200". */
export function rejectName(reason: number): string {
  return REJECT_REASONS[reason] ?? `reason-${reason}`;
}

/** "segmentation-not-supported", or "reason-200". */
export function abortName(reason: number): string {
  return ABORT_REASONS[reason] ?? `reason-${reason}`;
}
