#!/usr/bin/env node
import { main } from "../terraform/main";

void main(process.argv.slice(2));
