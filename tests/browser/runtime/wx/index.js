/** All calls. Importing a group adds it to `wx`. */
import './authorization.js';
import './device.js';
import './files.js';
import './interaction.js';
import './leaving.js';
import './location.js';
import './map.js';
import './media.js';
import './navigation.js';
import './network.js';
import './pictures.js';
import './query.js';
import './request.js';
import './storage.js';
import './system.js';
import './transfer.js';
import './video.js';

export { isSimulated, stub, wx } from './define.js';
