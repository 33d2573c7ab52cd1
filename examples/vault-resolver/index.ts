import { getIamToken } from "yciam";
import { vault } from "./vault";

export = async () => {
  const { token, resolver, expiresAt } = await getIamToken({ resolvers: [vault, "serviceAccountKey"] });
  return { token, resolver, expiresAt };
};
