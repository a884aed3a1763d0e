import { groupBy } from "../../../../modules/private/group-by";
import type { Arrow } from "./arrows";
import type { KeyGroup } from "./key-groups";
import { keyNode, type Node, principalNode, warehouseNode } from "./nodes";
import { GAP, KEY_X, LABEL_WIDTH, LINE_HEIGHT, MARGIN, NODE_WIDTH, PADDING, WAREHOUSE_X } from "./sizes";

export interface PlacedNode {
  readonly node: Node;
  readonly y: number;
}

export interface PlacedArrow {
  readonly arrow: Arrow;
  readonly from: readonly [x: number, y: number];
  readonly labelX: number;
  readonly to: readonly [x: number, y: number];
}

/** The positions of the nodes and arrows of a drawing. */
export interface Layout {
  readonly arrows: readonly PlacedArrow[];
  /** The nodes of the three columns: principals, keys and warehouses. */
  readonly columns: readonly (readonly PlacedNode[])[];
  readonly height: number;
}

/** Places principals in the left column, keys in the middle and warehouses in the right column. */
export function layoutOf(groups: readonly KeyGroup[], actions: ReadonlyMap<string, string>): Layout {
  let top = MARGIN;
  const keys = groups.map((group) => {
    const node = keyNode(group);
    const sizes = group.principals.map(({ label }) => label.length * LINE_HEIGHT + GAP);
    const needed = sizes.reduce((sum, size) => sum + size, 0);
    const height = Math.max(node.height, needed, group.warehouses.length * (3 * LINE_HEIGHT + PADDING));
    const y = top;
    top += height + 2 * GAP;
    let end = y + (height - needed) / 2 - GAP / 2;
    return { ends: sizes.map((size) => (end += size)), group, node: { ...node, height }, y };
  });
  const entering = keys.flatMap(({ ends, group }) =>
    group.principals.map((arrow, index) => ({ arrow, y: ends[index]! })),
  );
  const leaving = keys.flatMap(({ group, node, y }) =>
    group.warehouses.map((arrow, index, { length }) => ({ arrow, y: y + (node.height * (index + 0.5)) / length })),
  );
  const principals = columnOf(entering, principalNode);
  const warehouses = columnOf(leaving, (address) => warehouseNode(address, actions.get(address)));
  const middleOf = ({ node, y }: PlacedNode): number => y + node.height / 2;
  const arrows: readonly PlacedArrow[] = [
    ...entering.map(({ arrow, y }) => ({
      arrow,
      from: [NODE_WIDTH, middleOf(principals.get(arrow.neighbour)!)] as const,
      labelX: KEY_X - LABEL_WIDTH,
      to: [KEY_X, y] as const,
    })),
    ...leaving.map(({ arrow, y }) => ({
      arrow,
      from: [KEY_X + NODE_WIDTH, y] as const,
      labelX: WAREHOUSE_X - 76,
      to: [WAREHOUSE_X, middleOf(warehouses.get(arrow.neighbour)!)] as const,
    })),
  ];
  const columns = [[...principals.values()], keys, [...warehouses.values()]] as const;
  const height = Math.max(...columns.flat().map(({ node, y }) => y + node.height)) + MARGIN;
  return { arrows, columns, height };
}

/** Places the nodes of a column, each at the middle of its arrows, or lower if the nodes above need the room. */
function columnOf(
  arrows: readonly { readonly arrow: Arrow; readonly y: number }[],
  nodeFor: (name: string) => Node,
): ReadonlyMap<string, PlacedNode> {
  const nodes = [...groupBy(arrows, ({ arrow }) => arrow.neighbour)].map(([name, group]) => ({
    middle: group.reduce((sum, { y }) => sum + y, 0) / group.length,
    name,
    node: nodeFor(name),
  }));
  let top = MARGIN;
  return new Map(
    nodes
      .sort((one, other) => one.middle - other.middle)
      .map(({ middle, name, node }) => {
        const y = Math.max(top, middle - node.height / 2);
        top = y + node.height + GAP;
        return [name, { node, y }];
      }),
  );
}
