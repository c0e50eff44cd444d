import type { RegisterRow } from '../types.ts';
import type { SiteMap, SiteMapRow } from './types.ts';

/** A register that the imported map and the built-in profile describe in different ways. */
export interface MapConflict {
  readonly register: number;
  /** {@link RegisterRow.id} of the profile. */
  readonly profile: string;
  /** Name of the row of the map. */
  readonly row: string;
  readonly because: string;
}

/**
 * Where an imported map contradicts the profile: rows that share registers and do not start at the same one, or are of another type or length. Rows that
 * only one of them has, and other names for the same thing, are no conflict. The profile goes on being used for reading; the map is the vendor's.
 */
export function mapConflicts(map: Pick<SiteMap, 'rows'>, profile: readonly RegisterRow[]): readonly MapConflict[] {
  const sorted = [...map.rows].sort((a, b) => a.register - b.register);
  return profile.flatMap((known) =>
    sorted
      .filter((row) => row.register < known.register + known.count && known.register < row.register + row.count)
      .flatMap((row) => {
        const because = difference(known, row);
        return because === undefined ? [] : [{ register: row.register, profile: known.id, row: row.name, because }];
      }),
  );
}

function difference(known: RegisterRow, row: SiteMapRow): string | undefined {
  const place = `"${row.name}" of the map and ${known.id} of the profile share register ${Math.max(row.register, known.register)}`;
  if (row.register !== known.register) return `${place}, but start at ${row.register} and ${known.register}.`;
  if (row.type !== known.type || row.count !== known.count) {
    return `${place}, but are ${row.type} of ${row.count} and ${known.type} of ${known.count}.`;
  }
  return undefined;
}
