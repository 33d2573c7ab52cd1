// What Maven has to know of the Java SDK: how it is built, and what its users need.
import { VERSION } from "../provider/core/words/version";
import { createSchema } from "../provider/pulumi/schema/index";
import release from "../release.config.json";

/** What builds it, pinned: the same sources give the same jar. */
const PLUGINS = {
  resources: "3.3.1",
  compiler: "3.13.0",
  jar: "3.4.2",
  source: "3.3.1",
  javadoc: "3.11.2",
} as const;
/** These make a jar of their own beside that of the classes, as Maven Central asks. */
const ATTACHED = ["source", "javadoc"];

interface JavaSchema {
  readonly description: string;
  readonly language: { readonly java: { readonly dependencies: Readonly<Record<string, string>> } };
}

/** The text of sdk/java/pom.xml. */
export function pom(): string {
  const schema = createSchema() as JavaSchema;
  const dependencies = Object.entries(schema.language.java.dependencies);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- Written by \`npm run generate\` from release.config.json. -->
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>${release.javaPackage}</groupId>
  <artifactId>yciam</artifactId>
  <version>${VERSION}</version>
  <name>yciam</name>
  <description>${schema.description}</description>
  <url>${release.repository}</url>
  <licenses>
    <license>
      <name>Apache-2.0</name>
      <url>https://www.apache.org/licenses/LICENSE-2.0.txt</url>
    </license>
  </licenses>
  <developers>
    <developer>
      <name>${release.namespace}</name>
      <url>${release.repository}</url>
    </developer>
  </developers>
  <scm>
    <url>${release.repository}</url>
  </scm>
  <properties>
    <maven.compiler.release>11</maven.compiler.release>
    <project.build.outputTimestamp>1980-01-01T00:00:02Z</project.build.outputTimestamp>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
${dependencies.map(dependency).join("\n")}
  </dependencies>
  <build>
    <plugins>
${Object.entries(PLUGINS).map(plugin).join("\n")}
    </plugins>
  </build>
</project>
`;
}

function dependency([name, version]: readonly [string, string]): string {
  const [group, artifact] = name.split(":");
  return `    <dependency>
      <groupId>${group}</groupId>
      <artifactId>${artifact}</artifactId>
      <version>${version}</version>
    </dependency>`;
}

function plugin([name, version]: readonly [string, string]): string {
  const attached = `
        <executions>
          <execution>
            <goals>
              <goal>${name === "source" ? "jar-no-fork" : "jar"}</goal>
            </goals>
          </execution>
        </executions>`;
  return `      <plugin>
        <artifactId>maven-${name}-plugin</artifactId>
        <version>${version}</version>${ATTACHED.includes(name) ? attached : ""}
      </plugin>`;
}
