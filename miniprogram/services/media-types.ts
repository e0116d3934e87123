/** Photos, videos and signatures, on the server and on the phone. */

/** What the server says of an upload. */
export interface Media {
  id: string;
  kind: 'photo' | 'video' | 'signature';
  content_type: string;
  size: number;
  width?: number | null;
  height?: number | null;
  duration_ms?: number | null;
  /** Relative to the server, and good for a quarter of an hour. */
  url: string;
}

/** For whom something is uploaded: the person, or (not logged in) the draft of a report about a unit. */
export interface MediaOwner {
  organization_id: string;
  draft?: { draft_id: string; equipment_code: string };
}

/** A file that the phone keeps until it is on the server and no draft needs it any more. */
export interface LocalMedia {
  /** Names it on the phone and in its upload, so that it is stored once however often it is sent. */
  key: string;
  kind: Media['kind'];
  /** Among the user files of the mini program. */
  path: string;
  /** Bytes. */
  size: number;
  duration_ms?: number;
  /** On the server, once it is there in whole. */
  media_id?: string;
  /** The owner under whom `media_id` is known. */
  owner?: string;
}

/** What `media-grid` shows. */
export interface MediaTile {
  key: string;
  kind: Media['kind'];
  /** A path on the phone, or an address. */
  src: string;
  /** `kept`: on the phone alone; `sent`: on the server. */
  status: 'kept' | 'sending' | 'sent' | 'failed';
  /** Of the upload, while it is sent. */
  percent: number;
  /** Why the upload failed. */
  problem: string;
  /** `0:42`; empty for photos. */
  duration: string;
}
