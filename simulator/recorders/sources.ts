import { historicColumns, LOAD_CURVE_COLUMNS, type Measured, REVENUE_COLUMNS } from './columns.ts';

/** A value that a Data Recorder can record. */
export interface Source {
  /** 1..65535; 0 stands for "nothing linked". Provenance: simulated. */
  readonly id: number;
  /** Label as the vendor's logs spell it, at most 24 ASCII characters. */
  readonly name: string;
  readonly measured: Measured;
}

type Group = 'revenue' | 'mean' | 'high' | 'low' | 'load-curve';

const HISTORIC = [
  ...['Vll ab', 'Vll bc', 'Vll ca', 'Vll avg', 'V unbal', 'I a', 'I b', 'I c', 'I avg', 'I 4'],
  ...['kW tot', 'kVAR tot', 'kVA tot', 'PF lag', 'PF lead', 'Freq'],
];
const LOAD_CURVE = [
  ...['kW tot', 'kVAR tot', 'kVA tot', 'I a', 'I b', 'I c', 'I 4', 'Vln a', 'Vln b', 'Vln c', 'Vln avg', 'PF', 'Freq'],
  ...['V1 THD', 'kWh del', 'kVARh del'],
];

const GROUPS: Readonly<Record<Group, readonly Source[]>> = {
  revenue: sources(1, REVENUE_COLUMNS, ['kWh del int', 'kWh rec int', 'kVARh del int', 'kVARh rec int']),
  mean: historic(101, 'mean'),
  high: historic(201, 'high'),
  low: historic(301, 'low'),
  'load-curve': sources(
    401,
    LOAD_CURVE_COLUMNS,
    LOAD_CURVE.map((name) => `Load curve ${name}`),
  ),
};

/** Every source there is, in the order of their numbers. */
export const SOURCES: readonly Source[] = Object.values(GROUPS).flat();

const BY_ID = new Map(SOURCES.map((source) => [source.id, source]));

export function sourceById(id: number): Source | undefined {
  return BY_ID.get(id);
}

/** Numbers of the sources of a factory log. */
export function factorySources(group: Group): number[] {
  return GROUPS[group].map(({ id }) => id);
}

function historic(first: number, statistic: 'mean' | 'high' | 'low'): readonly Source[] {
  return sources(
    first,
    historicColumns(statistic),
    HISTORIC.map((name) => `${name} ${statistic}`),
  );
}

function sources(first: number, columns: readonly Measured[], names: readonly string[]): readonly Source[] {
  return columns.map((measured, index) => ({ id: first + index, name: names[index] ?? '', measured }));
}
