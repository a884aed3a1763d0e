/** A configuration of so many warehouses, one half clusters and one half serverless, as a file has it. */
export function fleetOf(count) {
  return `warehouses:\n${Array.from({ length: count }, (_, index) => entry(index)).join("")}`;
}

/** An account may have 20 parameter groups, and a cluster makes one. */
const WAREHOUSES_OF_ACCOUNT = 40;

function entry(index) {
  const account = 111122223333 + Math.floor(index / WAREHOUSES_OF_ACCOUNT);
  const warehouse =
    index % 2 === 0
      ? `    cluster:
      nodeType: ra3.large
      numberOfNodes: 2
`
      : `    serverless:
      baseCapacity: 8
      maxCapacity: 64
`;
  return `  - name: warehouse-${index}
    account: "${account}"
    region: us-east-1
    administrators:
      - arn:aws:iam::${account}:role/ExampleAdminRole
    users:
      - roleName: WarehouseUser${index}
        trustedPrincipals:
          - arn:aws:iam::${account}:root
${warehouse}`;
}
