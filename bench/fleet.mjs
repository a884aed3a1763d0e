/** A configuration of so many warehouses, one half clusters and one half serverless, as a file has it. */
export function fleetOf(count) {
  return `warehouses:\n${Array.from({ length: count }, (_, index) => entry(index)).join("")}`;
}

function entry(index) {
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
    account: "111122223333"
    region: us-east-1
    administrators:
      - arn:aws:iam::111122223333:role/ExampleAdminRole
    users:
      - roleName: WarehouseUser${index}
        trustedPrincipals:
          - arn:aws:iam::111122223333:root
${warehouse}`;
}
