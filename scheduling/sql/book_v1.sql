-- One call claims all places of a family or none. Autocommit: the call is the transaction.
--
-- Order matters. Refuse cheaply first; lock the family, so that two presses queue up; write the
-- appointment, its people, the events and the messages; take from the counter last, so that the
-- one row everybody wants is held for the shortest time. The check constraints stand behind it.
--
-- outcome: booked, same (already holds this slot), has_other, full, closed, not_ready, no_family
CREATE OR REPLACE FUNCTION scheduling_book(
    p_slot bigint,          -- scheduling_slot.id
    p_registration bigint,  -- scheduling_registration.id, or NULL for the live one of p_by
    p_by bigint,            -- accounts_user.id who presses
    p_reference text,       -- new appointment number
    p_pool text,            -- 'public' or 'reserve'
    p_reason text,          -- needed for the reserve
    p_change boolean,       -- true: a live booked appointment gives way in the same transaction
    p_now timestamptz,
    p_closes_minutes int,   -- no booking this late before the start
    p_return_minutes int    -- delay before given-up places come back
) RETURNS TABLE (outcome text, appointment text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_slot record;
    v_family record;
    v_live record;
    v_people int;
    v_new bigint;
    v_verb text := CASE WHEN p_pool = 'reserve' THEN 'booked_reserve' ELSE 'booked' END;
    v_note text := '';
BEGIN
    SELECT s.capacity - s.booked AS free, s.reserve_capacity - s.reserve_booked AS reserve_free,
           s.starts_at, s.is_open AND p.is_open AS is_open
      INTO v_slot
      FROM scheduling_slot s JOIN scheduling_port p ON p.id = s.port_id
     WHERE s.id = p_slot;
    IF NOT FOUND OR NOT v_slot.is_open
       OR v_slot.starts_at <= p_now + make_interval(mins => p_closes_minutes) THEN
        RETURN QUERY SELECT 'closed', NULL;
        RETURN;
    END IF;

    IF p_registration IS NULL THEN
        SELECT r.id, r.status, r.reference, r.owner_id, r.text_messages, r.phone INTO v_family
          FROM scheduling_registration r
         WHERE r.owner_id = p_by AND r.status <> 'withdrawn' FOR NO KEY UPDATE;
    ELSE
        SELECT r.id, r.status, r.reference, r.owner_id, r.text_messages, r.phone INTO v_family
          FROM scheduling_registration r WHERE r.id = p_registration FOR NO KEY UPDATE;
    END IF;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'no_family', NULL;
        RETURN;
    END IF;

    SELECT a.id, a.reference, a.slot_id, a.status, a.pool, a.places INTO v_live
      FROM scheduling_appointment a
     WHERE a.registration_id = v_family.id AND a.status IN ('booked', 'checked_in')
       FOR NO KEY UPDATE;  -- a cancellation or check-in at this moment is waited for
    IF FOUND THEN
        IF v_live.slot_id = p_slot THEN
            RETURN QUERY SELECT 'same', v_live.reference::text;
            RETURN;
        ELSIF NOT p_change OR v_live.status <> 'booked' THEN
            RETURN QUERY SELECT 'has_other', v_live.reference::text;
            RETURN;
        END IF;
    END IF;
    IF v_family.status <> 'registered' THEN
        RETURN QUERY SELECT 'not_ready', NULL;
        RETURN;
    END IF;

    SELECT count(*) INTO v_people FROM scheduling_member m
     WHERE m.registration_id = v_family.id AND m.left_at IS NULL;
    IF v_people > (CASE WHEN p_pool = 'reserve' THEN v_slot.reserve_free ELSE v_slot.free END) THEN
        RETURN QUERY SELECT 'full', NULL;
        RETURN;
    END IF;

    IF v_live.id IS NOT NULL THEN
        UPDATE scheduling_appointment SET status = 'changed', ended_at = p_now
         WHERE id = v_live.id;
        INSERT INTO scheduling_placereturn (slot_id, pool, places, given_up_at, due_at)
        VALUES (v_live.slot_id, v_live.pool, v_live.places, p_now,
                p_now + make_interval(mins => p_return_minutes));
        v_verb := 'changed';
        v_note := v_live.reference || ' > ' || p_reference;
    END IF;

    INSERT INTO scheduling_appointment
           (reference, registration_id, slot_id, pool, places, status, booked_at, booked_by_id,
            reason, replaces_id)
    VALUES (p_reference, v_family.id, p_slot, p_pool, v_people, 'booked', p_now, p_by,
            p_reason, v_live.id)
    RETURNING id INTO v_new;
    INSERT INTO scheduling_attendance (appointment_id, traveler_id, takes_place, disposition, note)
    SELECT v_new, m.traveler_id, true, '', '' FROM scheduling_member m
     WHERE m.registration_id = v_family.id AND m.left_at IS NULL ORDER BY m.position;

    INSERT INTO audit_event (at, by_id, verb, model, row_id, "case", before, after, note)
    VALUES (p_now, p_by, v_verb, 'scheduling.appointment', v_new, v_family.reference,
            '', 'booked', CASE WHEN p_reason <> '' THEN p_reason ELSE v_note END);
    WITH told AS (
        INSERT INTO notifications_message
               (user_id, template, model, row_id, row_status, dedupe_key, created_at)
        VALUES (v_family.owner_id, CASE WHEN v_live.id IS NULL THEN 'booked' ELSE 'changed' END,
                'scheduling.appointment', v_new, 'booked', 'booked:' || p_reference, p_now)
        RETURNING id
    )
    INSERT INTO notifications_delivery (message_id, channel, next_try_at)
    SELECT told.id, channel, p_now FROM told,
           unnest(CASE WHEN v_family.text_messages AND v_family.phone <> ''
                       THEN ARRAY['email', 'sms'] ELSE ARRAY['email'] END) AS channel;

    IF p_pool = 'reserve' THEN
        UPDATE scheduling_slot SET reserve_booked = reserve_booked + v_people
         WHERE id = p_slot AND is_open AND reserve_booked + v_people <= reserve_capacity;
    ELSE
        UPDATE scheduling_slot SET booked = booked + v_people
         WHERE id = p_slot AND is_open AND booked + v_people <= capacity;
    END IF;
    IF NOT FOUND THEN  -- taken while we wrote: all of the above is undone with this
        RAISE EXCEPTION 'slot full' USING ERRCODE = 'CBP01';
    END IF;
    RETURN QUERY SELECT 'booked', p_reference;
END
$$;
