// Tests of the review import these without the framework, which takes longer to load than most of these tests to run.
export const ACCOUNT = "111122223333";
export const REGION = "us-east-1";
export const ADMIN_ARN = `arn:aws:iam::${ACCOUNT}:role/ExampleAdminRole`;
export const USER_ARN = `arn:aws:iam::${ACCOUNT}:role/ExampleUserRole`;
export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/12345678-1234-1234-1234-123456789012`;
export const CLUSTER_ARN = `arn:aws:redshift:${REGION}:${ACCOUNT}:cluster:analytics`;
export const NAMESPACE_ARN = `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:namespace/12345678-1234-1234-1234-123456789012`;
