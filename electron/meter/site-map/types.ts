import type { WordType } from '../../protocols/modbus/decode.ts';

/** The Modbus map workbook of a firmware package, as imported by the technician. */
export interface SiteMap {
  readonly sha256: string;
  readonly fileName: string;
  /** `simulated` when the workbook itself says so; rows of it never reach a meter that is not simulated. */
  readonly provenance: 'site-map' | 'simulated';
  readonly rows: readonly SiteMapRow[];
}

export interface SiteMapRow {
  readonly name: string;
  readonly register: number;
  readonly count: number;
  readonly type: WordType;
  readonly unit: string;
  readonly writable: boolean;
}
