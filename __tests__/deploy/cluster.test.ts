import { lifecycle } from "./lifecycle";

lifecycle({
  audit: [["delete aws_redshift_logging"], ["create aws_redshift_logging"]],
  capacity: [{ numberOfNodes: 3 }, ["update aws_redshift_cluster"]],
  name: "analytics-cluster",
  settings: "cluster",
  tagged: ["aws_iam_role", "aws_kms_key", "aws_redshift_cluster", "aws_redshift_parameter_group"],
  target: { ClusterIdentifier: "analytics-cluster" },
  user: "ExampleUserRole",
});
