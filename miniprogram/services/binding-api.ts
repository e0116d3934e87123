/** The types of the binding routes, until the OpenAPI document has them. */
export interface BindingPaths {
  '/api/v1/me/binding': {
    get?: never;
    put?: never;
    patch?: never;
    post: {
      requestBody: { content: { 'application/json': { userid: string; code: string } | { token: string } } };
      responses: { 200: { content: { 'application/json': { userid: string; person_id: string } } } };
    };
    delete: { responses: { 204: { content?: never } } };
  };
}
