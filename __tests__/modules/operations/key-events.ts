/**
 * The sample events of AWS's documentation, without the parts that no rule reads.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/understanding-kms-entries.html
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-monitoring-events.html
 */
export const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
export const KEY = `arn:aws:kms:us-west-2:111122223333:key/${KEY_ID}`;
export const CLUSTER = "arn:aws:redshift:us-east-2:123456789:cluster:t1";

const SAMPLE = {
  eventSource: "kms.amazonaws.com",
  eventType: "AwsApiCall",
  eventVersion: "1.08",
  recipientAccountId: "111122223333",
  resources: [{ ARN: KEY, accountId: "111122223333", type: "AWS::KMS::Key" }],
  sourceIPAddress: "192.0.2.0",
  userIdentity: { accountId: "111122223333", arn: "arn:aws:iam::111122223333:user/Alice", type: "IAMUser" },
};

/** A record of CloudTrail as EventBridge delivers it. */
export const delivered = (record: object): object => ({
  account: "111122223333",
  detail: { ...SAMPLE, ...record },
  "detail-type": "AWS API Call via CloudTrail",
  region: "us-west-2",
  resources: [],
  source: "aws.kms",
  version: "0",
});

const contexts = { encryptionContext: { Department: "Engineering", Project: "Alpha" } };

/** https://docs.aws.amazon.com/kms/latest/developerguide/ct-decrypt.html: `requestParameters.keyId` is an ARN. */
export const DECRYPT = {
  eventName: "Decrypt",
  readOnly: true,
  requestParameters: { ...contexts, encryptionAlgorithm: "SYMMETRIC_DEFAULT", keyId: KEY },
};
/** https://docs.aws.amazon.com/kms/latest/developerguide/ct-generatedatakey.html: `requestParameters.keyId` is an ID. */
export const GENERATE_DATA_KEY = {
  eventName: "GenerateDataKey",
  readOnly: true,
  requestParameters: { ...contexts, keyId: KEY_ID, keySpec: "AES_256" },
};
/** https://docs.aws.amazon.com/kms/latest/developerguide/ct-creategrant.html */
export const CREATE_GRANT = {
  eventName: "CreateGrant",
  readOnly: false,
  requestParameters: {
    constraints: { encryptionContextSubset: { ContextKey1: "Value1" } },
    granteePrincipal: "EX_PRINCIPAL_ID",
    keyId: KEY,
    operations: ["Encrypt", "RetireGrant"],
  },
};
/** https://docs.aws.amazon.com/kms/latest/developerguide/ct-disablekey.html */
export const DISABLE_KEY = {
  eventName: "DisableKey",
  readOnly: false,
  requestParameters: { keyId: KEY_ID },
  responseElements: { keyId: KEY },
};
/** https://docs.aws.amazon.com/kms/latest/developerguide/ct-schedule-key-deletion.html */
export const SCHEDULE_KEY_DELETION = {
  eventName: "ScheduleKeyDeletion",
  readOnly: false,
  requestParameters: { keyId: KEY_ID, pendingWindowInDays: 20 },
  responseElements: { deletionDate: "Apr 12, 2021 18:58:30 PM", keyId: KEY, keyState: "PendingDeletion" },
};
/** https://docs.aws.amazon.com/kms/latest/developerguide/ct-put-key-policy.html */
export const PUT_KEY_POLICY = {
  eventName: "PutKeyPolicy",
  readOnly: false,
  requestParameters: { bypassPolicyLockoutSafetyCheck: false, keyId: KEY_ID, policyName: "default" },
};
/** https://docs.aws.amazon.com/kms/latest/developerguide/ct-revoke-grant.html */
export const REVOKE_GRANT = {
  eventName: "RevokeGrant",
  readOnly: false,
  requestParameters: { grantId: "abcde1237f76e4ba7987489ac329fbfba6ad343d6f7075dbd1ef191f0120514a", keyId: KEY_ID },
};

/** The sample of a statement that is finished. */
export const STATEMENT = {
  account: "123456789012",
  detail: {
    clusterId: "test-dataapi",
    expireAt: "2020-12-22T18:43:48Z",
    pages: 5,
    principal: "arn:aws:sts::123456789012:assumed-role/any",
    queryId: 123456,
    state: "FINISHED",
    statementId: "01bdaca2-8967-4e34-ae3f-41d9728d5644",
    statementName: "awsome query",
  },
  "detail-type": "Redshift Data Statement Status Change",
  region: "us-west-1",
  resources: [CLUSTER],
  source: "aws.redshift-data",
  version: "0",
};
