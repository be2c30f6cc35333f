// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/helper/cell_filters.h"

#include <cstring>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace gradus::sandbox {

void takeFilters(const std::vector<std::string>& filters)
{
    for (const std::string& filter : filters) {
        std::vector<sock_filter> code(filter.size() / sizeof(sock_filter));
        std::memcpy(code.data(), filter.data(), code.size() * sizeof(sock_filter));
        const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) _exit(75);
    }
}

} // namespace gradus::sandbox
