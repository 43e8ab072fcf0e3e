/** A small description of a device, with what a description may hold. Swagger 2.0. */
export const description = {
  swagger: "2.0",
  info: { title: "test", version: "1" },
  host: "elsewhere.example",
  basePath: "/api/fdm/v6/",
  tags: [{ name: "NetworkObject" }, { name: "Nothing" }, { name: "Odd" }],
  parameters: {
    limit: { name: "limit", in: "query", type: "integer", format: "int32", minimum: 1 }
  },
  paths: {
    "/object/networks": {
      get: {
        tags: ["NetworkObject"],
        operationId: "getNetworkObjectList",
        summary: "lists them",
        parameters: [
          { $ref: "#/parameters/limit" },
          { name: "filter", in: "query", type: "string" },
          { name: "total", in: "query", type: "boolean" },
          { name: "ids", in: "query", type: "array", items: { type: "string" }, collectionFormat: "multi" },
          { name: "kinds", in: "query", type: "array", maxItems: 2, items: { enum: ["HOST", "NETWORK"] } },
          {
            name: "zones",
            in: "query",
            type: "array",
            items: { type: "integer" },
            collectionFormat: "pipes"
          },
          { name: "since", in: "query", type: "string", format: "date" },
          { name: "X-Trace", in: "header", type: "integer" },
          { name: "Authorization", in: "header", type: "string", required: true }
        ],
        responses: { 200: { description: "" } }
      },
      post: {
        tags: ["NetworkObject"],
        operationId: "addNetworkObject",
        parameters: [
          { name: "body", in: "body", required: true, schema: { $ref: "#/definitions/NetworkObject" } }
        ],
        responses: { 200: { description: "", schema: { $ref: "#/definitions/NetworkObjectWrapper" } } }
      }
    },
    "/object/networks/{objId}": {
      parameters: [{ name: "objId", in: "path", required: true, type: "string" }],
      get: { tags: ["NetworkObject"], operationId: "getNetworkObject", responses: {} },
      put: {
        tags: ["NetworkObject"],
        operationId: "editNetworkObject",
        parameters: [
          { name: "body", in: "body", required: true, schema: { $ref: "#/definitions/NetworkObject" } }
        ],
        responses: { 200: { description: "", schema: { $ref: "#/definitions/NetworkObjectWrapper" } } }
      },
      delete: { tags: ["NetworkObject"], operationId: "deleteNetworkObject", responses: { 204: {} } }
    },
    "/fdm/token": {
      post: {
        tags: ["Token"],
        operationId: "token",
        parameters: [{ name: "body", in: "body", required: true, schema: { $ref: "#/definitions/Grant" } }],
        responses: {}
      }
    },
    "/action/upload/{kind}": {
      post: {
        tags: ["Upload"],
        operationId: "upload",
        consumes: ["multipart/form-data"],
        parameters: [
          { name: "kind", in: "path", type: "string", required: true },
          { name: "fileToUpload", in: "formData", type: "file", required: true },
          { name: "note", in: "formData", type: "string", maxLength: 5 }
        ],
        responses: { 200: {} }
      }
    },
    "/action/form": {
      post: {
        tags: ["Upload"],
        operationId: "form",
        consumes: ["application/x-www-form-urlencoded"],
        parameters: [
          {
            name: "words",
            in: "formData",
            type: "array",
            items: { type: "string" },
            collectionFormat: "multi"
          },
          { name: "password", in: "formData", type: "string", format: "password" }
        ],
        responses: { 200: {} }
      }
    },
    "/action/download": {
      get: { tags: ["Upload"], operationId: "download", responses: { 200: { schema: { type: "file" } } } }
    },
    "/action/rules": {
      post: {
        tags: ["Odd"],
        operationId: "addRule",
        parameters: [{ name: "body", in: "body", schema: { $ref: "#/definitions/Rule" } }],
        responses: {}
      }
    },
    // None of these can be understood; the device has them all the same.
    "/odd/{missing}": { get: { tags: ["Odd"], operationId: "placeWithoutName", responses: {} } },
    "/odd/nameless": { get: { tags: ["Odd"], responses: {} } },
    "/odd/parameter": {
      get: { tags: ["Odd"], operationId: "oddParameter", parameters: [{ name: "a", in: "cookie" }] }
    },
    "/odd/twice": {
      get: {
        tags: ["Odd"],
        operationId: "twoOfOneName",
        parameters: [
          { name: "a", in: "query" },
          { name: "a", in: "header" }
        ]
      }
    },
    "/odd/none": null
  },
  definitions: {
    NetworkObject: {
      type: "object",
      required: ["subType", "type", "value", "madeBy"],
      properties: {
        id: { type: "string" },
        version: { type: "string" },
        name: { type: "string", maxLength: 128 },
        description: { type: "string" },
        // Seen on real devices: a type beside a reference to a model that is of another one.
        subType: { type: "object", $ref: "#/definitions/NetworkObjectType" },
        value: { type: "string" },
        isSystemDefined: { type: "boolean" },
        madeBy: { type: "string", readOnly: true },
        type: { type: "string", default: "networkobject" }
      },
      example: { id: "1", $ref: 7 }
    },
    NetworkObjectType: { type: "string", enum: ["HOST", "NETWORK", "IPRANGE", "FQDN"] },
    NetworkObjectWrapper: {
      allOf: [{ $ref: "#/definitions/NetworkObject" }, { properties: { links: { type: "object" } } }]
    },
    Grant: {
      type: "object",
      required: ["grant_type"],
      properties: {
        grant_type: { type: "string", enum: ["password", "custom_token"] },
        username: { type: "string" },
        password: { type: "string", minLength: 20 },
        desired_expires_in: { type: "integer" },
        desired_subject: { type: "string" },
        desired_refresh_count: { type: "integer" }
      }
    },
    Reference: {
      type: "object",
      required: ["id", "type"],
      properties: { id: { type: "string" }, type: { type: "string" }, name: { type: "string" } }
    },
    Rule: {
      allOf: [
        { $ref: "#/definitions/Base" },
        {
          type: "object",
          required: ["ports"],
          properties: {
            ports: {
              type: "array",
              minItems: 1,
              uniqueItems: true,
              items: { type: "integer", minimum: 0, maximum: 65535 }
            },
            zones: { type: "array", items: { $ref: "#/definitions/Reference" } },
            weight: { type: "number", minimum: 0, exclusiveMinimum: true, multipleOf: 0.5 },
            color: { type: "string", pattern: "^#[0-9a-f]{6}$" },
            until: { type: "string", format: "date-time" },
            labels: { type: "object", additionalProperties: { type: "string" } },
            anything: { type: "object" },
            sealed: { type: "object", properties: { a: {} }, additionalProperties: false },
            filter: { $ref: "#/definitions/Filter" },
            shape: { $ref: "#/definitions/Shape" },
            loop: { $ref: "#/definitions/LoopOne" },
            port: { $ref: "#/definitions/Port~1Number" },
            gone: { $ref: "#/definitions/NotThere" },
            far: { $ref: "https://elsewhere.example/model.json" },
            "a/b~c%25": { type: "integer" }
          }
        }
      ]
    },
    Base: { type: "object", properties: { name: { type: "string", minLength: 1 } }, required: ["name"] },
    "Port/Number": { type: "integer" },
    Filter: {
      type: "object",
      properties: {
        word: { type: "string" },
        inner: { $ref: "#/definitions/Filter" },
        all: { type: "array", items: { $ref: "#/definitions/Filter" } }
      }
    },
    Shape: {
      type: "object",
      discriminator: "type",
      required: ["type"],
      properties: { type: { type: "string" } }
    },
    Circle: {
      allOf: [
        { $ref: "#/definitions/Shape" },
        { required: ["radius"], properties: { radius: { type: "number" } } }
      ]
    },
    Ring: {
      allOf: [
        { $ref: "#/definitions/Circle" },
        { required: ["hole"], properties: { hole: { type: "number" } } }
      ]
    },
    // Made of each other, and so of nothing.
    LoopOne: { allOf: [{ $ref: "#/definitions/LoopTwo" }, { properties: { one: { type: "string" } } }] },
    LoopTwo: { allOf: [{ $ref: "#/definitions/LoopOne" }] }
  }
}
