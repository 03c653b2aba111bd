// SPDX-License-Identifier: GPL-2.0
/*
 * A queue pair of rxe that is connected to itself; see rdma_pair.h. Both queues are memory that is
 * shared with the kernel: work is put into one, and what has ended is found in the other.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <rdma/ib_user_ioctl_verbs.h>
#include <rdma/ib_user_verbs.h>
#include <rdma/rdma_user_rxe.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "attribute.h"
#include "patience.h"
#include "rdma_pair.h"

#define BUFFER (64UL << 10)	/* bytes of a copy that the device makes at once */
#define ACK_TIMEOUT 14		/* 4.096 us << 14: 67 ms */
#define RETRIES 6		/* at most: 7 is for ever, see rxe_comp.c */

/* include/rdma/ib_verbs.h, which is not for user space */
enum { IB_QPS_RESET, IB_QPS_INIT, IB_QPS_RTR, IB_QPS_RTS };
enum ib_qp_attr_mask {
	IB_QP_STATE			= 1 << 0,
	IB_QP_ACCESS_FLAGS		= 1 << 3,
	IB_QP_PKEY_INDEX		= 1 << 4,
	IB_QP_PORT			= 1 << 5,
	IB_QP_AV			= 1 << 7,
	IB_QP_PATH_MTU			= 1 << 8,
	IB_QP_TIMEOUT			= 1 << 9,
	IB_QP_RETRY_CNT			= 1 << 10,
	IB_QP_RNR_RETRY			= 1 << 11,
	IB_QP_RQ_PSN			= 1 << 12,
	IB_QP_MAX_QP_RD_ATOMIC		= 1 << 13,
	IB_QP_MIN_RNR_TIMER		= 1 << 15,
	IB_QP_SQ_PSN			= 1 << 16,
	IB_QP_MAX_DEST_RD_ATOMIC	= 1 << 17,
	IB_QP_DEST_QPN			= 1 << 20,
};

enum { IB_SEND_SIGNALED = 1 << 1 };
enum { IB_MTU_4096 = 5 };

#define REMOTE (IB_UVERBS_ACCESS_LOCAL_WRITE | IB_UVERBS_ACCESS_REMOTE_WRITE | \
		IB_UVERBS_ACCESS_REMOTE_READ)

/* struct rxe_queue_buf of <rdma/rdma_user_rxe.h>, which older headers lack */
struct rdma_queue {
	uint32_t log2_elem_size, index_mask, pad_1[30];
	uint32_t producer_index, pad_2[31];
	uint32_t consumer_index, pad_3[31];
	uint8_t data[];
};

static const uint8_t loopback[16] = { [10] = 0xff, 0xff, 127, 0, 0, 1 };

/* The device's name is what rdma_open() has given it. */
static int find_gid(struct rdma_pair *q)
{
	char path[96], gid[64];

	for (q->gid = 0; ; q->gid++) {
		snprintf(path, sizeof(path), "/sys/class/infiniband/%s/ports/1/gids/%u",
			 q->rdma->name, q->gid);
		if (!attribute_line(path, gid, sizeof(gid)))
			return -ENODEV;
		if (!strcmp(gid, "0000:0000:0000:0000:0000:ffff:7f00:0001"))
			return 0;
	}
}

static void *map_queue(struct rdma *r, const struct mminfo *mi)
{
	void *queue = mmap(NULL, mi->size, PROT_READ | PROT_WRITE, MAP_SHARED, r->uverbs,
			   mi->offset);

	return queue == MAP_FAILED ? NULL : queue;
}

static int make_completions(struct rdma_pair *q)
{
	struct {
		struct ib_uverbs_create_cq_resp base;
		struct rxe_create_cq_resp rxe;
	} answer = {};
	struct {
		struct ib_uverbs_cmd_hdr header;
		struct ib_uverbs_create_cq cmd;
	} create = { .cmd = { .response = (uintptr_t)&answer, .cqe = 1, .comp_channel = -1 } };
	int err = rdma_command(q->rdma, IB_USER_VERBS_CMD_CREATE_CQ, &create, sizeof(create),
			       sizeof(answer));

	if (err)
		return err;
	q->completions = answer.base.cq_handle;
	q->done_size = answer.rxe.mi.size;
	q->done = map_queue(q->rdma, &answer.rxe.mi);
	return q->done ? 0 : -errno;
}

static int make_pair(struct rdma_pair *q)
{
	struct {
		struct ib_uverbs_create_qp_resp base;
		struct rxe_create_qp_resp rxe;
	} answer = {};
	struct {
		struct ib_uverbs_cmd_hdr header;
		struct ib_uverbs_create_qp cmd;
	} create = { .cmd = {
		.response = (uintptr_t)&answer,
		.pd_handle = q->rdma->domain,
		.send_cq_handle = q->completions,
		.recv_cq_handle = q->completions,
		.max_send_wr = 1, .max_recv_wr = 1, .max_send_sge = 1, .max_recv_sge = 1,
		.qp_type = IB_UVERBS_QPT_RC,
	} };
	int err = rdma_command(q->rdma, IB_USER_VERBS_CMD_CREATE_QP, &create, sizeof(create),
			       sizeof(answer));

	if (err)
		return err;
	q->pair = answer.base.qp_handle;
	q->number = answer.base.qpn;
	q->sent_size = answer.rxe.sq_mi.size;
	q->sent = map_queue(q->rdma, &answer.rxe.sq_mi);
	return q->sent ? 0 : -errno;
}

/* Goes to @state, with the parameters that @mask says it must be given. */
static int go_to(struct rdma_pair *q, unsigned int state, unsigned int mask)
{
	struct {
		struct ib_uverbs_cmd_hdr header;
		struct ib_uverbs_modify_qp cmd;
	} modify = { .cmd = {
		.qp_handle = q->pair,
		.qp_state = state,
		.attr_mask = IB_QP_STATE | mask,
		.qp_access_flags = REMOTE,
		.port_num = 1,
		.path_mtu = IB_MTU_4096,
		.dest_qp_num = q->number,
		.max_rd_atomic = 1, .max_dest_rd_atomic = 1,
		.timeout = ACK_TIMEOUT, .retry_cnt = RETRIES, .rnr_retry = RETRIES,
		.dest = {
			.is_global = 1, .port_num = 1, .hop_limit = 1, .sgid_index = q->gid,
		},
	} };

	memcpy(modify.cmd.dest.dgid, loopback, sizeof(loopback));
	return rdma_command(q->rdma, IB_USER_VERBS_CMD_MODIFY_QP, &modify, sizeof(modify), 0);
}

static int connect_pair(struct rdma_pair *q)
{
	int err = go_to(q, IB_QPS_RESET, 0);

	if (!err)
		err = go_to(q, IB_QPS_INIT, IB_QP_PKEY_INDEX | IB_QP_PORT | IB_QP_ACCESS_FLAGS);
	if (!err)
		err = go_to(q, IB_QPS_RTR, IB_QP_AV | IB_QP_PATH_MTU | IB_QP_DEST_QPN |
			    IB_QP_RQ_PSN | IB_QP_MAX_DEST_RD_ATOMIC | IB_QP_MIN_RNR_TIMER);
	if (!err)
		err = go_to(q, IB_QPS_RTS, IB_QP_TIMEOUT | IB_QP_RETRY_CNT | IB_QP_RNR_RETRY |
			    IB_QP_SQ_PSN | IB_QP_MAX_QP_RD_ATOMIC);
	return err;
}

static int make_buffer(struct rdma_pair *q)
{
	q->buffer = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (q->buffer == MAP_FAILED) {
		q->buffer = NULL;
		return -errno;
	}
	return rdma_register(q->rdma, q->buffer, BUFFER, REMOTE, &q->region);
}

int rdma_pair_open(struct rdma_pair *q, struct rdma *r)
{
	int err;

	*q = (struct rdma_pair){ .rdma = r };
	err = find_gid(q);
	if (!err)
		err = make_completions(q);
	if (!err)
		err = make_pair(q);
	if (!err)
		err = connect_pair(q);
	if (!err)
		err = make_buffer(q);
	if (err)
		rdma_pair_close(q);
	return err;
}

/* The handles go with the device's descriptor. */
void rdma_pair_close(struct rdma_pair *q)
{
	if (q->sent)
		munmap(q->sent, q->sent_size);
	if (q->done)
		munmap(q->done, q->done_size);
	if (q->buffer)
		munmap(q->buffer, BUFFER);
	*q = (struct rdma_pair){};
}

static void *element(struct rdma_queue *queue, uint32_t index)
{
	return queue->data + ((index & queue->index_mask) << queue->log2_elem_size);
}

/* Tells the kernel of new work, which is in the queue and not in the command. */
static int ring_bell(struct rdma_pair *q)
{
	struct ib_uverbs_post_send_resp answer;
	struct {
		struct ib_uverbs_cmd_hdr header;
		struct ib_uverbs_post_send cmd;
	} post = { .cmd = {
		.response = (uintptr_t)&answer,
		.qp_handle = q->pair,
		.wqe_size = sizeof(struct ib_uverbs_send_wr),
	} };

	return rdma_command(q->rdma, IB_USER_VERBS_CMD_POST_SEND, &post, sizeof(post),
			    sizeof(answer));
}

/* IB_WC_*, 0 for success, or -ETIMEDOUT: packets of lo can be lost, or the device removed. */
static int wait_for_end(struct rdma_pair *q)
{
	uint32_t index = q->done->consumer_index;
	struct ib_uverbs_wc *end = element(q->done, index);
	struct patience patience;
	int status;

	patience_begin(&patience);
	while (__atomic_load_n(&q->done->producer_index, __ATOMIC_ACQUIRE) == index)
		if (!patience_wait(&patience))
			return -ETIMEDOUT;
	status = end->status;
	__atomic_store_n(&q->done->consumer_index, (index + 1) & q->done->index_mask,
			 __ATOMIC_RELEASE);
	return status;
}

/* An error, or work that was not begun, stays with the pair until it is connected anew. */
static int do_work(struct rdma_pair *q, const struct rxe_send_wqe *work, const struct rxe_sge *sge)
{
	uint32_t index = q->sent->producer_index;
	struct rxe_send_wqe *to = element(q->sent, index);
	int err, status;

	memcpy(to, work, sizeof(*work));
	to->dma.sge[0] = *sge;
	__atomic_store_n(&q->sent->producer_index, (index + 1) & q->sent->index_mask,
			 __ATOMIC_RELEASE);
	status = ring_bell(q);
	if (!status)
		status = wait_for_end(q);
	if (!status)
		return 0;
	err = connect_pair(q);
	if (err)
		return err;
	return status < 0 ? status : -EIO;
}

/* The same as rdma_pair_copy(), between @addr and the pair's buffer. */
static int move(struct rdma_pair *q, const struct rdma_region *region, void *addr, size_t len,
		bool fills)
{
	const struct rxe_sge sge = { (uintptr_t)addr, len, region->key };
	const struct rxe_send_wqe work = {
		.wr = {
			.opcode = fills ? IB_UVERBS_WR_RDMA_READ : IB_UVERBS_WR_RDMA_WRITE,
			.send_flags = IB_SEND_SIGNALED,
			.wr.rdma = {
				.remote_addr = (uintptr_t)q->buffer,
				/* A region of rxe's has one key, if it is for others at all. */
				.rkey = q->region.key,
			},
		},
		.iova = (uintptr_t)q->buffer,
		.dma = { .length = len, .resid = len, .num_sge = 1 },
	};

	return do_work(q, &work, &sge);
}

int rdma_pair_copy(struct rdma_pair *q, const struct rdma_region *region, void *addr, size_t len,
		   char *other, bool fills)
{
	size_t done, part;
	int err;

	for (done = 0; done < len; done += part) {
		part = len - done < BUFFER ? len - done : BUFFER;
		if (fills)
			memcpy(q->buffer, other + done, part);
		err = move(q, region, (char *)addr + done, part, fills);
		if (err)
			return err;
		if (!fills)
			memcpy(other + done, q->buffer, part);
	}
	return 0;
}
