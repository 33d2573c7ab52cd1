const CODES = "Exit codes: 0 done, 1 failed, 64 wrong usage or options, 130 interrupted.";

/** What stands below the flags in each command's help. */
export const HELP = {
  program: `
Each command has its own --help. ${CODES}
explain adds 2: no resolver would answer.`,
  token: `
Formats: token = the token alone; header = a line for curl -H; env = lines that set YC_IAM_TOKEN and YC_TOKEN in a
shell; json = all that is known of the token, which stands in it in clear.

Examples:
  yciam token --service-account-key-file ~/key.json
  yciam token --min-remaining-validity 2h --output json
  curl -H "$(yciam token --output header)" https://resource-manager.api.cloud.yandex.net/resource-manager/v1/clouds
  eval "$(yciam token --output env)"
  vault kv get -field=key secret/yc | yciam token --service-account-key-json -
  yciam token --command-argv get-token --command-argv=--account --command-argv robot

${CODES}`,
  explain: `
Examples:
  yciam explain
  yciam explain --verify --resolvers workloadIdentity,instanceMetadata
  yciam explain --output json | jq -r .chosen

Exit codes: 0 a resolver would answer; 2 none would: none is set up, or one that is set up is broken, which stops
the search; 1 it could not be found out; 64 wrong usage or options; 130 interrupted.`,
  revoke: `
The token comes from --iam-token-file, or from what is piped in; YC_IAM_TOKEN counts only where nothing is piped in.
The id of whose token it was is printed, if Yandex Cloud says.

Examples:
  yciam revoke < token.txt
  yciam revoke --iam-token-file token.txt

${CODES}`,
  resolvers: `
Example:
  yciam resolvers --output json | jq -r '.[].name'`,
} as const;
