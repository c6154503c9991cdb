// SPDX-License-Identifier: MIT
package android.os;

/** A service, and whether it ends when nobody uses it. */
parcelable ServiceWithMetadata {
    @nullable IBinder service;
    boolean isLazyService = false;
}
