import { main } from "../cli/main-action";

void main();
