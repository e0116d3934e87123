/**
 * Where the server is: the request domain that is listed in the mini program's console, without a slash at the end.
 * The browser preview and a development server stand behind the same name.
 */
export const SERVER = 'https://paifang.example.com';
