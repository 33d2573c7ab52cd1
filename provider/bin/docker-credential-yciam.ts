#!/usr/bin/env node
import { main } from "../cli/main-docker";

void main(process.argv);
