/** The sizes of a drawing. Its text is monospaced, so that the width of a line follows from its length. */
export const NODE_WIDTH = 236;
export const NODE_CHARACTERS = 32;
export const LABEL_WIDTH = 310;
export const LABEL_CHARACTERS = 45;
export const LINE_HEIGHT = 15;
export const PADDING = 8;
export const GAP = 14;
export const CURVE = 70;
export const MARGIN = 4;
export const KEY_X = NODE_WIDTH + CURVE + LABEL_WIDTH;
export const WAREHOUSE_X = KEY_X + NODE_WIDTH + CURVE + 62;
/** The left edges of principals, keys and warehouses. */
export const COLUMN_XS = [0, KEY_X, WAREHOUSE_X] as const;
export const WIDTH = WAREHOUSE_X + NODE_WIDTH;
