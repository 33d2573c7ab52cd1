/** Descriptions with examples, by function, resource, or `provider`. */
export const documentation = {
  provider: "Holds one identity of Yandex Cloud.",
  getIamToken: "A Yandex Cloud IAM token, as a secret.",
  getIamTokenInfo: "All that getIamToken answers, but for the token.",
  explainResolvers: "How each resolver fares here.",
  IamToken: "An IAM token that is kept in the state.",
};
