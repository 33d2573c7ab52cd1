#!/usr/bin/env node
import { main } from "../pulumi/main";

void main(process.argv.slice(2));
