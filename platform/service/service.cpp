#include "platform/service/service.hpp"

#include "platform/base/invariant.hpp"

namespace backline::detail {

Message message_of(const bus::EventRecord& record) {
    return {record.id, record.subject, record.epoch, record.sequence, {record.traceparent}};
}

void read_event(const Type& type, void* out, const bus::EventRecord& record) {
    const Result<void> read = schema::read(type, out, record.data, schema::Reading::tolerant);
    INVARIANT(read.has_value(), "the event " + record.id + " can be read as " + record.type);
}

} // namespace backline::detail
