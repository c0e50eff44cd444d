/** How wide a column may be, in whole pixels. */
export interface ColumnRoom {
  /** Narrowest width. */
  readonly width: number;
  /** Share of the room that is left over; default 1. */
  readonly grow?: number;
}

/** Where a column stands in its table, in whole pixels. */
export interface ColumnPlace {
  readonly left: number;
  readonly width: number;
}

/**
 * Divides a room among columns from `start` on: each gets its share, and none less than it needs. Where the room is too small for all of them
 * they are as narrow as they may be and go beyond it. Worked out once for all rows: a grid does the same again for each of them.
 */
export function placeColumns(columns: readonly ColumnRoom[], room: number, start = 0): readonly ColumnPlace[] {
  const share = fairShare(columns, room - start);
  let end = start;
  return columns.map((column) => {
    const left = Math.round(end);
    end += Math.max(column.width, share * growOf(column));
    return { left, width: Math.round(end) - left };
  });
}

/** Pixels for each unit of `grow`: those columns that need more than their share leave less to the others. */
function fairShare(columns: readonly ColumnRoom[], room: number): number {
  const growing = new Set(columns);
  let left = room;
  for (;;) {
    const shares = [...growing].reduce((sum, column) => sum + growOf(column), 0);
    // Shares of less than one in all do not take all of the room.
    const share = Math.max(0, left) / Math.max(1, shares);
    const needy = [...growing].filter((column) => column.width > share * growOf(column));
    if (needy.length === 0) return share;
    for (const column of needy) {
      growing.delete(column);
      left -= column.width;
    }
  }
}

function growOf({ grow = 1 }: ColumnRoom): number {
  return grow;
}
