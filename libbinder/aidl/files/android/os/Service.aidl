// SPDX-License-Identifier: MIT
package android.os;

import android.os.ServiceWithMetadata;

/** How a service is reached: directly, or through an accessor that knows the way. */
union Service {
    ServiceWithMetadata serviceWithMetadata;
    @nullable IBinder accessor;
}
